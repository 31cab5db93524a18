//! The expansion as a whole: tokens in, formatted Rust out. proc_macro2 works outside the compiler too, where
//! a literal has no file, so that paths start at the package root.

mod fragments;
mod golden;
mod shorten;

use proc_macro2::TokenStream;

use crate::expand::expand;

/// What the attribute with these arguments makes of a module, as a person would write it.
fn expansion(args: TokenStream, module: TokenStream) -> String {
    let tokens = shorten::bytes(expand(args, module));
    let file = syn::parse2(tokens).expect("the expansion is Rust");
    prettyplease::unparse(&file)
}
