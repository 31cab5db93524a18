//! The annotated module.

use proc_macro2::TokenStream;
use syn::{Attribute, Ident, Item, ItemMod, Token, Visibility};

use crate::ctxt::Ctxt;

/// An inline module, taken apart.
pub(crate) struct Module {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// Which the compiler refuses: left to it, so that it does not go by unsaid.
    pub(crate) unsafety: Option<Token![unsafe]>,
    pub(crate) mod_token: Token![mod],
    pub(crate) ident: Ident,
    /// What the user has put into it, which stays in front.
    pub(crate) items: Vec<Item>,
}

impl Module {
    /// Nothing when the attribute is on something else, which is reported.
    pub(crate) fn parse(ctxt: &Ctxt, item: &TokenStream) -> Option<Self> {
        const EXAMPLE: &str = "write `#[bpf_preload(\"..\")] pub mod iterators {}`";
        let module = match syn::parse2::<Item>(item.clone()) {
            Ok(Item::Mod(module)) => module,
            Ok(other) => {
                let message = format_args!("the attribute goes on an inline module; {EXAMPLE}");
                ctxt.syn_error(syn::Error::new_spanned(other, message));
                return None;
            }
            Err(error) => {
                ctxt.syn_error(error);
                return None;
            }
        };
        let ItemMod { attrs, vis, unsafety, mod_token, ident, content, .. } = module;
        // The compiler has its own complaint about a module in another file; with a body instead it has no
        // more.
        let (_, items) = content.unwrap_or_else(|| {
            ctxt.error(
                ident.span(),
                format_args!(
                    "the module must have a body, the skeleton is put into it; write `mod {ident} {{}}`"
                ),
            );
            Default::default()
        });
        Some(Self { attrs, vis, unsafety, mod_token, ident, items })
    }
}
