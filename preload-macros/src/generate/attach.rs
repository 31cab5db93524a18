//! How a program is attached, as an expression.

use preload_object::Attach;
use proc_macro2::TokenStream;
use quote::quote;

use super::c_string;

pub(super) fn generate(rt: &syn::Path, attach: Option<&Attach>) -> TokenStream {
    let variant = match attach {
        Some(Attach::Iterator) => quote!(Iterator),
        Some(Attach::Trace) => quote!(Trace),
        Some(Attach::RawTracepoint(name)) => {
            let name = c_string(name);
            quote!(RawTracepoint(#name))
        }
        None => quote!(Manual),
    };
    quote!(#rt::plan::Attach::#variant)
}
