//! The plan as constants.

use preload_object::{CoreRelo, KernelType, MapPlan, ProgramPlan, SlotItem};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{attach, c_string, externs, operations, option};
use crate::model::Model;

/// `PLAN`, with its maps and programs as statics of their own, so that handles can refer to one of them.
pub(super) fn generate(model: &Model) -> TokenStream {
    let rt = &model.runtime;
    let plan = &model.plan;
    let object = &plan.object;
    let directory = &model.directory;
    let pin_root = option(model.pin_root.as_ref());
    let digest = plan.digest();
    let license = c_string(&plan.license);
    let btf = Literal::byte_string(&plan.btf);
    let btf_for_old_kernels = Literal::byte_string(&plan.btf_for_old_kernels);
    let (map_count, program_count) = (plan.maps.len(), plan.programs.len());
    let maps = plan.maps.iter().map(|map| map_plan(rt, map));
    let programs = plan.programs.iter().map(|program| program_plan(rt, program));
    let symbols = externs::symbols(rt, &plan.symbols);
    let code = externs::code(rt, plan);
    let operations = operations::plans(model);
    quote! {
        #operations
        static __MAPS: [#rt::plan::MapPlan; #map_count] = [#(#maps),*];
        static __PROGRAMS: [#rt::plan::ProgramPlan; #program_count] = [#(#programs),*];

        /// How this object is loaded, attached and pinned.
        pub static PLAN: #rt::plan::Plan = #rt::plan::Plan {
            object: #object,
            directory: #directory,
            pin_root: #pin_root,
            digest: #digest,
            license: #license,
            btf: #btf,
            btf_for_old_kernels: #btf_for_old_kernels,
            maps: &__MAPS,
            programs: &__PROGRAMS,
            symbols: #symbols,
            struct_ops: &__STRUCT_OPS,
            code: #code,
        };
        const _: () = #rt::__private::check(&PLAN);
    }
}

// An object may have thousands of maps and programs, and every field is an expression to the compiler: those that say nothing
// are left to `EMPTY`.

fn map_plan(rt: &TokenStream, plan: &MapPlan) -> TokenStream {
    let map = &plan.map;
    let name = &map.name;
    let kernel_name = kernel_name(&plan.kernel_name);
    let (map_type, key_size, value_size) = (map.map_type, map.key_size, map.value_size);
    let max_entries = map.max_entries;
    let (flags, map_extra) = (map.flags, map.map_extra);
    let flags = (flags != 0).then(|| quote!(flags: #flags,));
    let map_extra = (map_extra != 0).then(|| quote!(map_extra: #map_extra,));
    let (btf_key, btf_value) = (map.btf_key_type_id, map.btf_value_type_id);
    let btf_key = (btf_key != 0).then(|| quote!(btf_key_type_id: #btf_key,));
    let btf_value = (btf_value != 0).then(|| quote!(btf_value_type_id: #btf_value,));
    let numa_node = some(&quote!(numa_node), map.numa_node);
    let inner = plan.inner.as_deref().map(|inner| {
        let inner = map_plan(rt, inner);
        quote!(&#inner)
    });
    let inner = some(&quote!(inner), inner);
    let slots = (!map.slots.is_empty()).then(|| {
        let slots = map.slots.iter().map(|slot| {
            let index = slot.index;
            let item = match slot.item {
                SlotItem::Map(map) => quote!(Map(#map)),
                SlotItem::Program(program) => quote!(Program(#program)),
            };
            quote! { #rt::plan::Slot { index: #index, item: #rt::plan::SlotItem::#item } }
        });
        quote!(slots: &[#(#slots),*],)
    });
    let arena = bytes(&quote!(arena), &map.arena);
    let pinned_by_name = map.pinned_by_name.then(|| quote!(pinned_by_name: true,));
    let contents = map.data.as_ref().and_then(|data| data.contents.as_deref()).unwrap_or_default();
    let contents = bytes(&quote!(contents), contents);
    let config = map.data.as_ref().filter(|data| !data.config.is_empty()).map(|data| {
        let config = externs::config(rt, &data.config);
        quote!(config: #config,)
    });
    let frozen = map.data.as_ref().filter(|data| data.frozen).map(|_| quote!(frozen: true,));
    // The pin of operations is that of their link.
    let pin = some(&quote!(pin), plan.pin.as_ref().filter(|_| plan.map.struct_ops.is_none()));
    quote! {
        #rt::plan::MapPlan {
            name: #name,
            kernel_name: *#kernel_name,
            map_type: #map_type,
            key_size: #key_size,
            value_size: #value_size,
            max_entries: #max_entries,
            #flags
            #numa_node
            #map_extra
            #btf_key
            #btf_value
            #inner
            #slots
            #arena
            #pinned_by_name
            #contents
            #config
            #frozen
            #pin
            ..#rt::plan::MapPlan::EMPTY
        }
    }
}

fn program_plan(rt: &TokenStream, plan: &ProgramPlan) -> TokenStream {
    let (name, section) = (&plan.name, plan.section);
    let kernel_name = kernel_name(&plan.kernel_name);
    let (program_type, attach_type, flags) = (plan.program_type, plan.attach_type, plan.flags);
    let attach_type = (attach_type != 0).then(|| quote!(attach_type: #attach_type,));
    let flags = (flags != 0).then(|| quote!(flags: #flags,));
    let insns = bytes(&quote!(insns), &plan.insns);
    let func_info = bytes(&quote!(func_info), &plan.func_info);
    let line_info = bytes(&quote!(line_info), &plan.line_info);
    let core_relos = bytes(&quote!(core_relos), &plan.core_relos);
    let core = (!plan.core.is_empty()).then(|| {
        let core = plan.core.iter().map(|CoreRelo { insn, what, place }| {
            quote! { #rt::plan::CoreRelo { insn: #insn, what: #what, place: #place } }
        });
        quote!(core: &[#(#core),*],)
    });
    let symbols = (!plan.symbol_references.is_empty()).then(|| {
        let symbols = externs::references(rt, plan);
        quote!(symbols: #symbols,)
    });
    let bound_maps = &plan.bound_maps;
    let bound_maps = (!bound_maps.is_empty()).then(|| quote!(bound_maps: &[#(#bound_maps),*],));
    let btf_target = plan.btf_target.as_ref().map(|KernelType { module, kind, name }| {
        let module = option(module.as_ref());
        quote! { #rt::plan::BtfTarget { module: #module, kind: #kind, name: #name } }
    });
    let btf_target = some(&quote!(btf_target), btf_target);
    let target = some(&quote!(target), plan.target.as_ref());
    let autoload = (!plan.autoload).then(|| quote!(autoload: false,));
    let attach = some(&quote!(attach), plan.attach.as_ref().map(|attach| attach::generate(rt, attach)));
    let autoattach = (!plan.autoattach).then(|| quote!(autoattach: false,));
    let cookie = plan.cookie;
    let cookie = (cookie != 0).then(|| quote!(cookie: #cookie,));
    let optional = plan.optional.then(|| quote!(optional: true,));
    let instead_of = some(&quote!(instead_of), plan.instead_of);
    let pin = some(&quote!(pin), plan.pin.as_ref());
    quote! {
        #rt::plan::ProgramPlan {
            name: #name,
            section: #section,
            kernel_name: *#kernel_name,
            program_type: #program_type,
            #attach_type
            #flags
            #insns
            #func_info
            #line_info
            #core_relos
            #core
            #symbols
            #bound_maps
            #btf_target
            #target
            #autoload
            #attach
            #autoattach
            #cookie
            #optional
            #instead_of
            #pin
            ..#rt::plan::ProgramPlan::EMPTY
        }
    }
}

/// A field of bytes, if there are any.
fn bytes(field: &TokenStream, bytes: &[u8]) -> Option<TokenStream> {
    let literal = Literal::byte_string(bytes);
    (!bytes.is_empty()).then(|| quote!(#field: #literal,))
}

/// A field that is an `Option`, if there is something in it.
fn some(field: &TokenStream, value: Option<impl ToTokens>) -> Option<TokenStream> {
    value.map(|value| quote!(#field: ::core::option::Option::Some(#value),))
}

/// Sixteen bytes with zeros behind the name, which has at most fifteen.
fn kernel_name(name: &str) -> Literal {
    let mut bytes = [0; 16];
    for (slot, byte) in bytes.iter_mut().zip(name.bytes()) {
        *slot = byte;
    }
    Literal::byte_string(&bytes)
}
