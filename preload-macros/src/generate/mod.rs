//! From the model to tokens. Nothing here can fail: every refusal has happened before.
//!
//! Every path starts at `::core` or at the runtime crate, so that the output means the same wherever it
//! lands. Names of parameters and variables start with `__`: a constant of the same name in the module, which
//! a pattern would be taken for whatever its span, is nobody's but ours.

mod attach;
mod externs;
mod loader;
mod open;
mod operations;
mod plan;
mod rows;
mod signed;
mod skel;
mod statics;
mod types;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::model::Model;

/// Everything that goes into the module, behind what the user has put there.
pub(crate) fn module(model: &Model) -> TokenStream {
    let parts = [
        plan::generate(model),
        loader::generate(model),
        statics::generate(model),
        types::generate(model),
        if model.signed.is_some() { signed::generate(model) } else { open::generate(model) },
        skel::generate(model),
    ];
    let tracking = tracking(model);
    quote! { #(#parts)* #tracking }
}

/// A doc comment, looking as one does that is written with `///`.
fn doc(text: impl AsRef<str>) -> TokenStream {
    let lines =
        text.as_ref().lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote! { #(#[doc = #lines])* }
}

/// The same as one attribute, for what there may be thousands of.
fn short_doc(text: &str) -> TokenStream {
    quote! { #[doc = #text] }
}

/// As an expression, because C string literals are not in edition 2018.
fn c_string(text: &str) -> TokenStream {
    let bytes = Literal::byte_string(&[text.as_bytes(), &[0]].concat());
    quote! {
        match ::core::ffi::CStr::from_bytes_with_nul(#bytes) {
            ::core::result::Result::Ok(__text) => __text,
            ::core::result::Result::Err(_) => ::core::panic!("a NUL inside a string"),
        }
    }
}

/// Makes the compiler watch the files, and refuses one that was replaced while it was being compiled.
fn tracking(model: &Model) -> TokenStream {
    let object = (&model.source.file, "the object has changed while it was being compiled; compile again");
    let signature = model.signed.as_ref().map(|signed| {
        (&signed.file, "the signature file has changed while it was being compiled; compile again")
    });
    let files = std::iter::once(object).chain(signature).map(|(file, message)| {
        let (path, length) = (&file.tracking, file.bytes.len());
        quote! {
            const _: () = ::core::assert!(::core::include_bytes!(#path).len() == #length, #message,);
        }
    });
    quote! { #(#files)* }
}

/// An `Option`, with the value's tokens in it.
fn option(value: Option<impl quote::ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}
