//! How a program is attached, as an expression: what it attaches to, and the function that does it.

use preload_object::{Attach, Interface, Place, Position, Probe};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::c_string;

pub(super) fn generate(rt: &TokenStream, attach: &Attach) -> TokenStream {
    let (by, to) = match attach {
        Attach::Iterator => (quote!(iterator), quote!(Iterator)),
        Attach::RawTracepoint(name) => {
            let name = c_string(name);
            (quote!(raw_tracepoint), quote!(RawTracepoint(#name)))
        }
        Attach::Trace => (quote!(trace), quote!(Trace)),
        Attach::To(place) => {
            let (by, place) = self::place(rt, place);
            (quote!(#by), quote!(To(#rt::plan::Place::#place)))
        }
        Attach::Tracepoint { category, name } => {
            (quote!(tracepoint), quote!(Tracepoint { category: #category, name: #name }))
        }
        Attach::Kprobe { function, offset, retprobe } => {
            let function = c_string(function);
            (quote!(kprobe), quote!(Kprobe { function: #function, offset: #offset, retprobe: #retprobe }))
        }
        Attach::Ksyscall { name, retprobe } => {
            (quote!(ksyscall), quote!(Ksyscall { name: #name, retprobe: #retprobe }))
        }
        Attach::KprobeMulti { functions, probe } => {
            let (functions, probe) = (c_string(functions), when(rt, *probe));
            (quote!(kprobe_multi), quote!(KprobeMulti { functions: #functions, probe: #probe }))
        }
        Attach::TraceMulti { functions } => {
            let functions = c_string(functions);
            (quote!(trace_multi), quote!(TraceMulti { functions: #functions }))
        }
        Attach::Uprobe { path, function, offset, retprobe } => (
            quote!(uprobe),
            quote!(Uprobe { path: #path, function: #function, offset: #offset, retprobe: #retprobe }),
        ),
        Attach::Usdt { path, provider, name } => {
            (quote!(usdt), quote!(Usdt { path: #path, provider: #provider, name: #name }))
        }
        Attach::UprobeMulti { path, functions, probe } => {
            let probe = when(rt, *probe);
            (quote!(uprobe_multi), quote!(UprobeMulti { path: #path, functions: #functions, probe: #probe }))
        }
    };
    quote! {
        #rt::plan::Attachment { to: #rt::plan::Attach::#to, by: #rt::__private::attach_by::#by() }
    }
}

fn when(rt: &TokenStream, probe: Probe) -> TokenStream {
    let when = match probe {
        Probe::Entry => quote!(Entry),
        Probe::Return => quote!(Return),
        Probe::Session => quote!(Session),
    };
    quote!(#rt::plan::Probe::#when)
}

/// The name of the function that does it, and the variant of `Place`.
fn place(rt: &TokenStream, place: &Place) -> (TokenStream, TokenStream) {
    let position = |position: &Position| {
        let position = format_ident!("{}", position.variant());
        quote!(#rt::plan::Position::#position)
    };
    match place {
        Place::Xdp { interface: at, mode } => {
            let (interface, mode) = (interface(rt, at), format_ident!("{}", mode.variant()));
            (quote!(xdp), quote!(Xdp { interface: #interface, mode: #rt::target::XdpMode::#mode }))
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
            (quote!(tcx), quote!(Tcx { interface: #interface, direction: #direction, position: #position }))
        }
        Place::Netkit { interface: at, position: place } => {
            let (interface, position) = (interface(rt, at), position(place));
            (quote!(netkit), quote!(Netkit { interface: #interface, position: #position }))
        }
        Place::Cgroup { path, attach_type, position: place } => {
            let position = position(place);
            (quote!(cgroup), quote!(Cgroup { path: #path, attach_type: #attach_type, position: #position }))
        }
        Place::NetNamespace { path } => (quote!(netns), quote!(NetNamespace { path: #path })),
        Place::Netfilter { family, hook, priority, defragment } => {
            let (family, hook) = (format_ident!("{}", family.variant()), format_ident!("{}", hook.variant()));
            let at = quote! {
                Netfilter(#rt::target::Netfilter {
                    family: #rt::target::Family::#family,
                    hook: #rt::target::Hook::#hook,
                    priority: #priority,
                    defragment: #defragment,
                })
            };
            (quote!(netfilter), at)
        }
        Place::SockMap { map, attach_type } => {
            (quote!(sock_map), quote!(SockMap { map: #map, attach_type: #attach_type }))
        }
        Place::Extension { program } => (quote!(extension), quote!(Extension { program: #program })),
        Place::MapIterator { map } => (quote!(map_iterator), quote!(MapIterator { map: #map })),
        Place::CgroupIterator { path, order } => {
            let order = format_ident!("{}", order.variant());
            let path = match path {
                Some(path) => quote!(::core::option::Option::Some(#path)),
                None => quote!(::core::option::Option::None),
            };
            let order = quote!(#rt::target::CgroupOrder::#order);
            (quote!(cgroup_iterator), quote!(CgroupIterator { path: #path, order: #order }))
        }
        Place::ThreadIterator(id) => (quote!(task_iterator), quote!(ThreadIterator(#id))),
        Place::ProcessIterator(id) => (quote!(task_iterator), quote!(ProcessIterator(#id))),
    }
}

fn interface(rt: &TokenStream, interface: &Interface) -> TokenStream {
    match interface {
        Interface::Name(name) => quote!(#rt::target::Interface::Name(#name)),
        Interface::Index(index) => quote!(#rt::target::Interface::Index(#index)),
    }
}
