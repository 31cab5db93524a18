//! The annotated module.
//!
//! It is taken apart as far as something is put into it. What else is in it is not parsed: that is the compiler's, and
//! all of Rust's grammar takes long to build.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, Token, Visibility, braced, token};

use crate::ctxt::Ctxt;

/// An inline module, taken apart.
pub(crate) struct Module {
    /// Those in front of it.
    pub(crate) outer: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// Which the compiler refuses: left to it, so that it does not go by unsaid.
    pub(crate) unsafety: Option<Token![unsafe]>,
    pub(crate) mod_token: Token![mod],
    pub(crate) ident: Ident,
    /// Those at the start of its body.
    pub(crate) inner: Vec<Attribute>,
    /// What the user has put into it, which stays in front.
    pub(crate) items: TokenStream,
}

impl Module {
    /// Nothing when the attribute is on something else, which is reported.
    pub(crate) fn parse(ctxt: &Ctxt, item: &TokenStream) -> Option<Self> {
        let parser = |input: ParseStream<'_>| Self::parse_stream(ctxt, input);
        // The compiler has parsed it: what is no module is another item.
        parser.parse2(item.clone()).map_or_else(
            |_| {
                let message = "the attribute goes on an inline module; write `#[bpf_preload(\"..\")] pub mod iterators {}`";
                ctxt.syn_error(syn::Error::new_spanned(item, message));
                None
            },
            Some,
        )
    }

    fn parse_stream(ctxt: &Ctxt, input: ParseStream<'_>) -> syn::Result<Self> {
        let outer = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let unsafety = input.parse()?;
        let mod_token = input.parse()?;
        let ident: Ident = input.parse()?;
        let (inner, items) = if input.peek(token::Brace) {
            let body;
            braced!(body in input);
            (body.call(Attribute::parse_inner)?, body.parse()?)
        } else {
            input.parse::<Token![;]>()?;
            // The compiler has its own complaint about a module in another file; with a body instead it has no
            // more.
            ctxt.error(
                ident.span(),
                format_args!(
                    "the module must have a body, the skeleton is put into it; write `mod {ident} {{}}`"
                ),
            );
            Default::default()
        };
        Ok(Self { outer, vis, unsafety, mod_token, ident, inner, items })
    }
}
