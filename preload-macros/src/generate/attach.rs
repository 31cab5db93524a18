//! How a program is attached, as an expression: what it attaches to, and the function that does it.

use preload_object::{Attach, Probe};
use proc_macro2::TokenStream;
use quote::quote;

use super::c_string;

pub(super) fn generate(rt: &syn::Path, attach: Option<&Attach>) -> TokenStream {
    let (by, to) = match attach {
        None => return quote!(::core::option::Option::None),
        Some(Attach::Iterator) => (quote!(iterator), quote!(Iterator)),
        Some(Attach::RawTracepoint(name)) => {
            let name = c_string(name);
            (quote!(raw_tracepoint), quote!(RawTracepoint(#name)))
        }
        Some(Attach::Trace) => (quote!(trace), quote!(Trace)),
        Some(Attach::Tracepoint { category, name }) => {
            (quote!(tracepoint), quote!(Tracepoint { category: #category, name: #name }))
        }
        Some(Attach::Kprobe { function, offset, retprobe }) => {
            let function = c_string(function);
            (quote!(kprobe), quote!(Kprobe { function: #function, offset: #offset, retprobe: #retprobe }))
        }
        Some(Attach::Ksyscall { name, retprobe }) => {
            (quote!(ksyscall), quote!(Ksyscall { name: #name, retprobe: #retprobe }))
        }
        Some(Attach::KprobeMulti { functions, probe }) => {
            let (functions, probe) = (c_string(functions), when(rt, *probe));
            (quote!(kprobe_multi), quote!(KprobeMulti { functions: #functions, probe: #probe }))
        }
        Some(Attach::Uprobe { path, function, offset, retprobe }) => (
            quote!(uprobe),
            quote!(Uprobe { path: #path, function: #function, offset: #offset, retprobe: #retprobe }),
        ),
        Some(Attach::UprobeMulti { path, functions, probe }) => {
            let probe = when(rt, *probe);
            (quote!(uprobe_multi), quote!(UprobeMulti { path: #path, functions: #functions, probe: #probe }))
        }
    };
    quote! {
        ::core::option::Option::Some(#rt::plan::Attachment {
            to: #rt::plan::Attach::#to,
            by: #rt::__private::attach_by::#by(),
        })
    }
}

fn when(rt: &syn::Path, probe: Probe) -> TokenStream {
    let when = match probe {
        Probe::Entry => quote!(Entry),
        Probe::Return => quote!(Return),
        Probe::Session => quote!(Session),
    };
    quote!(#rt::plan::Probe::#when)
}
