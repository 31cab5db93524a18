//! How a program is attached, as an expression.

use preload_object::{Attach, Interface, Place, Position};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::c_string;

pub(super) fn generate(rt: &syn::Path, attach: Option<&Attach>) -> TokenStream {
    let variant = match attach {
        None => quote!(Manual),
        Some(Attach::Iterator) => quote!(Iterator),
        Some(Attach::RawTracepoint(name)) => {
            let name = c_string(name);
            quote!(RawTracepoint(#name))
        }
        Some(Attach::To(place)) => {
            let place = self::place(rt, place);
            quote!(To(#place))
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

fn place(rt: &syn::Path, place: &Place) -> TokenStream {
    let position = |position: &Position| {
        let position = format_ident!("{}", position.variant());
        quote!(#rt::plan::Position::#position)
    };
    let variant = match place {
        Place::Xdp { interface: at, mode } => {
            let (interface, mode) = (interface(rt, at), format_ident!("{}", mode.variant()));
            quote!(Xdp { interface: #interface, mode: #rt::target::XdpMode::#mode })
        }
        Place::Tcx { interface: at, direction, position: place } => {
            let (interface, position) = (interface(rt, at), position(place));
            let direction = match direction {
                Some(direction) => {
                    let direction = format_ident!("{}", direction.variant());
                    quote!(::core::option::Option::Some(#rt::target::Direction::#direction))
                }
                None => quote!(::core::option::Option::None),
            };
            quote!(Tcx { interface: #interface, direction: #direction, position: #position })
        }
        Place::Netkit { interface: at, position: place } => {
            let (interface, position) = (interface(rt, at), position(place));
            quote!(Netkit { interface: #interface, position: #position })
        }
        Place::Cgroup { path, attach_type, position: place } => {
            let position = position(place);
            quote!(Cgroup { path: #path, attach_type: #attach_type, position: #position })
        }
        Place::NetNamespace { path } => quote!(NetNamespace { path: #path }),
        Place::Netfilter { family, hook, priority, defragment } => {
            let (family, hook) = (format_ident!("{}", family.variant()), format_ident!("{}", hook.variant()));
            quote! {
                Netfilter(#rt::target::Netfilter {
                    family: #rt::target::Family::#family,
                    hook: #rt::target::Hook::#hook,
                    priority: #priority,
                    defragment: #defragment,
                })
            }
        }
        Place::SockMap { map, attach_type } => quote!(SockMap { map: #map, attach_type: #attach_type }),
    };
    quote!(#rt::plan::Place::#variant)
}

fn interface(rt: &syn::Path, interface: &Interface) -> TokenStream {
    match interface {
        Interface::Name(name) => quote!(#rt::target::Interface::Name(#name)),
        Interface::Index(index) => quote!(#rt::target::Interface::Index(#index)),
    }
}
