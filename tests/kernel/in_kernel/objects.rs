//! Objects that both ways can load.

use preload_macros::bpf_preload;

use super::same::{compare, compare_links};
use crate::harness::{Need, Test};

/// Modules, each with a test that loads its object both ways, attaches it where that changes nothing, and compares.
macro_rules! both_ways {
    ($($module:ident $path:literal ($($options:tt)*) $needs:expr, $attach:literal;)*) => {
        $(
            #[bpf_preload($path, in_kernel $($options)*)]
            pub(super) mod $module {}
        )*

        pub(super) const SAME: &[Test] = &[$(
            Test {
                name: concat!("in_kernel::the_same::", stringify!($module)),
                needs: $needs,
                run: || {
                    let mut directly = $module::Skel::open().load()?;
                    let mut in_kernel = $module::Skel::open().load_in_kernel()?;
                    compare(&directly, &in_kernel)?;
                    if $attach {
                        let _ = (directly.attach()?, in_kernel.attach()?);
                    }
                    compare_links(&directly, &in_kernel)
                },
            },
        )*];
    };
}

const OLD: &[Need] = &[Need::Kernel(5, 17)];
const SINCE_6_1: &[Need] = &[Need::Kernel(6, 1)];
const SINCE_6_2: &[Need] = &[Need::Kernel(6, 2)];
const SINCE_6_13: &[Need] = &[Need::Kernel(6, 13)];
const FUNCTIONS: &[Need] = &[Need::Kernel(5, 17), Need::NoLockdown];
const LSM: &[Need] = &[Need::Kernel(5, 17), Need::NoLockdown, Need::BpfLsm];

both_ways! {
    iterators "../../../examples/iterators.bpf.o" () OLD, true;
    ringbuf "../../../examples/ringbuf.bpf.o" () OLD, true;
    alias "../../bpf/alias.bpf.o" () OLD, true;
    extra_data "../../bpf/extra_data.bpf.o" () OLD, true;
    gapless "../../bpf/gapless.bpf.o" () OLD, true;
    hidden "../../bpf/hidden.bpf.o" () OLD, true;
    large_map "../../bpf/large_map.bpf.o" () OLD, true;
    left_out "../../bpf/left_out.bpf.o" () OLD, true;
    linked "../../bpf/linked.bpf.o" () OLD, true;
    many "../../bpf/many.bpf.o" () OLD, true;
    maps "../../bpf/maps.bpf.o" () OLD, true;
    new_types "../../bpf/new_types.bpf.o" () SINCE_6_1, true;
    plain "../../bpf/plain.bpf.o" () OLD, true;
    shadowed "../../bpf/shadowed.bpf.o" () OLD, true;
    tracing "../../bpf/tracing.bpf.o" (, program(count_manual, manual)) OLD, true;
    fentry "../../bpf/fentry.bpf.o" () FUNCTIONS, true;
    lsm "../../bpf/lsm.bpf.o" () LSM, true;
    core_kinds "../../bpf/core/kinds.bpf.o" () OLD, true;
    sections "../../bpf/data/sections.bpf.o" () OLD, true;
    ksyms "../../bpf/externs/ksyms.bpf.o" () OLD, true;
    in_maps "../../bpf/maps/in_maps.bpf.o" () OLD, true;
    legacy "../../bpf/maps/legacy.bpf.o" () OLD, true;
    legacy_mixed "../../bpf/maps/legacy_mixed.bpf.o" () OLD, true;
    tail_calls "../../bpf/maps/tail_calls.bpf.o" () OLD, true;
    types_5_10 "../../bpf/maps/types_5_10.bpf.o" () OLD, true;
    types_5_16 "../../bpf/maps/types_5_16.bpf.o" () OLD, true;
    types_6_1 "../../bpf/maps/types_6_1.bpf.o" () SINCE_6_1, true;
    types_6_2 "../../bpf/maps/types_6_2.bpf.o" () SINCE_6_2, true;
    clang14 "../../bpf/producers/clang14.bpf.o" () OLD, true;
    clang22 "../../bpf/producers/clang22.bpf.o" () OLD, true;
    cpu_v4 "../../bpf/producers/cpu_v4.bpf.o" () SINCE_6_13, true;
    two_files "../../bpf/producers/two_files.bpf.o" () OLD, true;
    without_debug "../../bpf/producers/without_debug.bpf.o" () OLD, true;
    callbacks "../../bpf/programs/callbacks.bpf.o" (, program(call_back, manual)) OLD, false;
    lines "../../bpf/programs/lines.bpf.o" () OLD, true;
    busy "../../bpf/programs/busy.bpf.o" () OLD, true;
    types_forms "../../bpf/types/forms.bpf.o" () OLD, true;
    types_layouts "../../bpf/types/layouts.bpf.o" () OLD, true;
    tracepoint "../../bpf/attach/tracepoint.bpf.o" () OLD, true;
    kprobe_multi "../../bpf/attach/kprobe_multi.bpf.o" () FUNCTIONS, false;
    run_by_hand "../../bpf/attach/placed/run.bpf.o" (, program(add, manual)) OLD, false;
    crowd "../../bpf/transaction/crowd.bpf.o" () OLD, true;
}
