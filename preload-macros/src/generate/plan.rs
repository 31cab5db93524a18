//! The plan as constants.

use preload_object::{CoreRelo, KernelType, MapPlan, ProgramPlan, SlotItem};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

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

fn map_plan(rt: &TokenStream, plan: &MapPlan) -> TokenStream {
    // The pin of operations is that of their link.
    let pin = option(plan.pin.as_ref().filter(|_| plan.map.struct_ops.is_none()));
    let inner = option(plan.inner.as_deref().map(|inner| {
        let inner = map_plan(rt, inner);
        quote!(&#inner)
    }));
    let map = &plan.map;
    let name = &map.name;
    let kernel_name = kernel_name(&plan.kernel_name);
    let (map_type, key_size, value_size) = (map.map_type, map.key_size, map.value_size);
    let (max_entries, flags, map_extra) = (map.max_entries, map.flags, map.map_extra);
    let (btf_key, btf_value) = (map.btf_key_type_id, map.btf_value_type_id);
    let numa_node = option(map.numa_node);
    let arena = Literal::byte_string(&map.arena);
    let pinned_by_name = map.pinned_by_name;
    let slots = map.slots.iter().map(|slot| {
        let index = slot.index;
        let item = match slot.item {
            SlotItem::Map(map) => quote!(Map(#map)),
            SlotItem::Program(program) => quote!(Program(#program)),
        };
        quote! { #rt::plan::Slot { index: #index, item: #rt::plan::SlotItem::#item } }
    });
    let contents = map.data.as_ref().and_then(|data| data.contents.as_deref()).unwrap_or_default();
    let contents = Literal::byte_string(contents);
    let config = map.data.as_ref().map(|data| data.config.as_slice()).unwrap_or_default();
    let config = externs::config(rt, config);
    let frozen = map.data.as_ref().is_some_and(|data| data.frozen);
    quote! {
        #rt::plan::MapPlan {
            name: #name,
            kernel_name: *#kernel_name,
            map_type: #map_type,
            key_size: #key_size,
            value_size: #value_size,
            max_entries: #max_entries,
            flags: #flags,
            numa_node: #numa_node,
            map_extra: #map_extra,
            btf_key_type_id: #btf_key,
            btf_value_type_id: #btf_value,
            inner: #inner,
            slots: &[#(#slots),*],
            arena: #arena,
            pinned_by_name: #pinned_by_name,
            contents: #contents,
            config: #config,
            frozen: #frozen,
            pin: #pin,
        }
    }
}

fn program_plan(rt: &TokenStream, plan: &ProgramPlan) -> TokenStream {
    let (name, section) = (&plan.name, plan.section);
    let kernel_name = kernel_name(&plan.kernel_name);
    let (program_type, attach_type, flags) = (plan.program_type, plan.attach_type, plan.flags);
    let insns = Literal::byte_string(&plan.insns);
    let func_info = Literal::byte_string(&plan.func_info);
    let line_info = Literal::byte_string(&plan.line_info);
    let core_relos = Literal::byte_string(&plan.core_relos);
    let bound_maps = &plan.bound_maps;
    let core = plan.core.iter().map(|CoreRelo { insn, what, place }| {
        quote! { #rt::plan::CoreRelo { insn: #insn, what: #what, place: #place } }
    });
    let symbols = externs::references(rt, plan);
    let btf_target = option(plan.btf_target.as_ref().map(|KernelType { module, kind, name }| {
        let module = option(module.as_ref());
        quote! { #rt::plan::BtfTarget { module: #module, kind: #kind, name: #name } }
    }));
    let target = option(plan.target.as_ref());
    let autoload = plan.autoload;
    let (autoattach, cookie, optional) = (plan.autoattach, plan.cookie, plan.optional);
    let instead_of = option(plan.instead_of);
    let attach = attach::generate(rt, plan.attach.as_ref());
    let pin = option(plan.pin.as_ref());
    quote! {
        #rt::plan::ProgramPlan {
            name: #name,
            section: #section,
            kernel_name: *#kernel_name,
            program_type: #program_type,
            attach_type: #attach_type,
            flags: #flags,
            insns: #insns,
            func_info: #func_info,
            line_info: #line_info,
            core_relos: #core_relos,
            core: &[#(#core),*],
            symbols: #symbols,
            bound_maps: &[#(#bound_maps),*],
            btf_target: #btf_target,
            target: #target,
            autoload: #autoload,
            attach: #attach,
            autoattach: #autoattach,
            cookie: #cookie,
            optional: #optional,
            instead_of: #instead_of,
            pin: #pin,
        }
    }
}

/// Sixteen bytes with zeros behind the name, which has at most fifteen.
fn kernel_name(name: &str) -> Literal {
    let mut bytes = [0; 16];
    for (slot, byte) in bytes.iter_mut().zip(name.bytes()) {
        *slot = byte;
    }
    Literal::byte_string(&bytes)
}
