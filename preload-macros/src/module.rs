//! The annotated module.
//!
//! It is taken apart as far as something is put into it. What else is in it is not parsed: that is the compiler's, and
//! all of Rust's grammar takes long to build.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, Token, braced, token};

use crate::ctxt::Ctxt;

/// An inline module, taken apart.
pub(crate) struct Module {
    /// All up to `mod`: attributes and visibility, and `unsafe`, which the compiler refuses: left to it, so that it does not go by
    /// unsaid.
    pub(crate) front: TokenStream,
    pub(crate) ident: Ident,
    /// The attributes at the start of its body.
    pub(crate) inner: TokenStream,
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
        let mut front = TokenStream::new();
        while input.peek(Token![#]) {
            take(2, input, &mut front)?;
        }
        if input.peek(Token![pub]) {
            take(1, input, &mut front)?;
            // `(crate)`, say.
            take(usize::from(input.peek(token::Paren)), input, &mut front)?;
        }
        take(usize::from(input.peek(Token![unsafe])), input, &mut front)?;
        input.parse::<Token![mod]>()?.to_tokens(&mut front);
        let ident: Ident = input.parse()?;
        let (inner, items) = if input.peek(token::Brace) {
            let body;
            braced!(body in input);
            let mut inner = TokenStream::new();
            while body.peek(Token![#]) && body.peek2(Token![!]) {
                take(3, &body, &mut inner)?;
            }
            (inner, body.parse()?)
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
        Ok(Self { front, ident, inner, items })
    }
}

/// Takes so many tokens as they are.
fn take(count: usize, input: ParseStream<'_>, to: &mut TokenStream) -> syn::Result<()> {
    for _ in 0..count {
        input.parse::<TokenTree>()?.to_tokens(to);
    }
    Ok(())
}
