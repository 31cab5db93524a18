//! How a program is attached, as an expression.

use preload_object::Attach;
use proc_macro2::TokenStream;
use quote::quote;

use super::c_string;

pub(super) fn generate(rt: &syn::Path, attach: Option<&Attach>) -> TokenStream {
    let variant = match attach {
        None => quote!(Manual),
        Some(Attach::Iterator) => quote!(Iterator),
        Some(Attach::RawTracepoint(name)) => {
            let name = c_string(name);
            quote!(RawTracepoint(#name))
        }
        Some(Attach::Trace) => quote!(Trace),
        Some(Attach::Tracepoint { category, name }) => {
            quote!(Tracepoint { category: #category, name: #name })
        }
        Some(Attach::Kprobe { function, offset, retprobe }) => {
            let function = c_string(function);
            quote!(Kprobe { function: #function, offset: #offset, retprobe: #retprobe })
        }
        Some(Attach::Ksyscall { name, retprobe }) => quote!(Ksyscall { name: #name, retprobe: #retprobe }),
    };
    quote!(#rt::plan::Attach::#variant)
}
