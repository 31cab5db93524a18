//! Which licences the kernel counts as GPL-compatible, and what asks for one.

use crate::section::{ProgramKind, Way};

/// The strings of the kernel's `license_is_gpl_compatible()`, compared to the letter.
const GPL_COMPATIBLE: [&str; 6] =
    ["GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"];

/// `BPF_PROG_TYPE_LSM` and `BPF_PROG_TYPE_STRUCT_OPS` are refused whole.
const GPL_PROGRAM_TYPES: [(u32, &str); 2] = [(27, "a struct_ops"), (29, "an LSM")];

/// Helpers with `.gpl_only = true`, by number, with the name in `linux/bpf.h`.
///
/// Found by loading a call of each under two licences, in every program type, into kernel 6.18; 36, 58, 77,
/// 78 and 92 could not be called there and are from the kernel source. Two depend on the program as well: see
/// [`is_free`].
#[rustfmt::skip]
const GPL_HELPERS: &[(u32, &str)] = &[
    (4, "bpf_probe_read"),
    (6, "bpf_trace_printk"),
    (22, "bpf_perf_event_read"),
    (25, "bpf_perf_event_output"),
    (27, "bpf_get_stackid"),
    (35, "bpf_get_current_task"),
    (36, "bpf_probe_write_user"),
    (45, "bpf_probe_read_str"),
    (55, "bpf_perf_event_read_value"),
    (56, "bpf_perf_prog_read_value"),
    (58, "bpf_override_return"),
    (67, "bpf_get_stack"),
    (69, "bpf_fib_lookup"),
    (77, "bpf_rc_repeat"),
    (78, "bpf_rc_keydown"),
    (92, "bpf_rc_pointer_rel"),
    (100, "bpf_tcp_check_syncookie"),
    (110, "bpf_tcp_gen_syncookie"),
    (111, "bpf_skb_output"),
    (112, "bpf_probe_read_user"),
    (113, "bpf_probe_read_kernel"),
    (114, "bpf_probe_read_user_str"),
    (115, "bpf_probe_read_kernel_str"),
    (119, "bpf_read_branch_records"),
    (121, "bpf_xdp_output"),
    (126, "bpf_seq_printf"),
    (127, "bpf_seq_write"),
    (150, "bpf_seq_printf_btf"),
    (158, "bpf_get_current_task_btf"),
    (163, "bpf_check_mtu"),
    (165, "bpf_snprintf"),
    (169, "bpf_timer_init"),
    (170, "bpf_timer_set_callback"),
    (171, "bpf_timer_start"),
    (172, "bpf_timer_cancel"),
    (173, "bpf_get_func_ip"),
    (175, "bpf_task_pt_regs"),
    (176, "bpf_get_branch_snapshot"),
    (177, "bpf_trace_vprintk"),
    (191, "bpf_copy_from_user_task"),
    (204, "bpf_tcp_raw_gen_syncookie_ipv4"),
    (205, "bpf_tcp_raw_gen_syncookie_ipv6"),
    (206, "bpf_tcp_raw_check_syncookie_ipv4"),
    (207, "bpf_tcp_raw_check_syncookie_ipv6"),
];

/// Whether a helper that is GPL-only elsewhere is another one, which is not, in programs of this way:
/// `bpf_get_stackid` in perf_event programs, `bpf_get_func_ip` in multi and session probes.
fn is_free(helper: u32, way: Way) -> bool {
    match helper {
        27 => way == Way::PerfEvent,
        173 => matches!(way, Way::KprobeMulti(_) | Way::UprobeMulti(_)),
        _ => false,
    }
}

pub(crate) fn is_gpl_compatible(license: &str) -> bool {
    GPL_COMPATIBLE.contains(&license)
}

/// Why a program of this type calling these helpers needs a GPL-compatible licence; nothing when it does not.
///
/// The kernel looks at the calls that its verifier reaches; one behind a constant of a frozen section that is
/// never true needs no licence. Which those are is known only to a verifier, and hangs on constants that may
/// change with the next build: an object that loads today and not tomorrow is what this check is there to
/// prevent. So every call counts, and the message says so where there are constants.
pub(crate) fn reason(
    kind: &ProgramKind,
    helpers: impl Iterator<Item = u32>,
    has_constants: bool,
) -> Option<String> {
    if let Some((_, name)) = GPL_PROGRAM_TYPES.iter().find(|(number, _)| *number == kind.program_type) {
        return Some(format!("it is {name} program"));
    }
    let mut helpers = helpers.filter(|&helper| !is_free(helper, kind.way));
    helpers.find_map(|helper| {
        let found = GPL_HELPERS.binary_search_by_key(&helper, |(number, _)| *number).ok()?;
        let name = GPL_HELPERS.get(found)?.1;
        Some(if has_constants {
            format!(
                "it calls `{name}`, which counts even behind a constant of `.rodata` that keeps it from being reached; state \
                 a GPL-compatible licence, or take the call out"
            )
        } else {
            format!("it calls `{name}`")
        })
    })
}

pub(crate) fn known() -> String {
    GPL_COMPATIBLE.map(|license| format!("\"{license}\"")).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(GPL_HELPERS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
