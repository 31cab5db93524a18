//! The annotated module.

use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::{Attribute, Ident, Item, ItemMod, Token, Visibility};

use crate::ctxt::Ctxt;

/// An inline module, taken apart.
pub(crate) struct Module {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
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
                ctxt.error(other.span(), format_args!("the attribute goes on an inline module; {EXAMPLE}"));
                return None;
            }
            Err(error) => {
                ctxt.syn_error(error);
                return None;
            }
        };
        let ItemMod { attrs, vis, mod_token, ident, content, .. } = module;
        let Some((_, items)) = content else {
            ctxt.error(
                ident.span(),
                format_args!(
                    "the module must have a body, the skeleton is put into it; write `mod {ident} {{}}`"
                ),
            );
            return None;
        };
        Some(Self { attrs, vis, mod_token, ident, items })
    }
}
