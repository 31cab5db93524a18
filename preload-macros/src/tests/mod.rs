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
    // The object is tracked by its full path when there is no source file to start at.
    prettyplease::unparse(&file).replace(env!("CARGO_MANIFEST_DIR"), "<package>")
}
