//! Objects that libbpf and we take for different things, each with the reason.

/// Who takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// libbpf refuses to open it.
    OnlyOurs,
    /// We refuse to read it; libbpf loads it.
    OnlyTheirs,
    /// Both read it; libbpf cannot load it.
    OnlyOursLoads,
    /// Both read it; we cannot load it.
    OnlyTheirsLoads,
    /// libbpf crashes over it, so it is not asked; we refuse it.
    Crash,
    /// We take it; libbpf, in the same process, cannot be asked for the same.
    OursAlone,
}

/// libbpf has dropped them; aya and cilium/ebpf have kept them.
const LEGACY: &str = "maps of the old kind";

/// Instructions hold the address.
const ARENA: &str = "the arena lies at an address of the process";

/// It takes them for programs without a type.
const NEWER: &str = "names of sections that this version of libbpf does not have yet";

static EXCEPTIONS: &[(&str, Verdict, &str)] = &[
    ("tests/bpf/attach/trace/faultable.bpf.o", Verdict::OursAlone, NEWER),
    ("tests/bpf/attach/trace/multi.bpf.o", Verdict::OursAlone, NEWER),
    ("tests/bpf/data/arena.bpf.o", Verdict::OursAlone, ARENA),
    (
        "tests/bpf/data/arena_at.bpf.o",
        Verdict::OursAlone,
        "the arena lies at a fixed address, where there is room for one",
    ),
    (
        "tests/bpf/data/arena_faults.bpf.o",
        Verdict::Crash,
        "libbpf crashes when it fills an arena whose pages fault",
    ),
    (
        "tests/bpf/data/jump_table.bpf.o",
        Verdict::OnlyTheirs,
        "a table that is made up and that nothing jumps by; jump tables are not built yet",
    ),
    (
        "tests/bpf/externs/kconfig_strong.bpf.o",
        Verdict::OnlyOursLoads,
        "values that no program to be loaded reads; libbpf sets them all",
    ),
    (
        "tests/bpf/externs/kfuncs.bpf.o",
        Verdict::OnlyOursLoads,
        "a struct that is only declared, where the kernel's function takes a pointer to it",
    ),
    (
        "tests/bpf/externs/ksyms_strong.bpf.o",
        Verdict::OnlyOursLoads,
        "symbols that no program to be loaded refers to; libbpf looks for them all",
    ),
    (
        "tests/bpf/license_constant.bpf.o",
        Verdict::OnlyTheirs,
        "a helper for the GPL behind a constant that is false today; whether it loads would hang on the constant",
    ),
    (
        "tests/bpf/license_missing.bpf.o",
        Verdict::OnlyTheirs,
        "no licence is guessed; libbpf takes none for an empty one",
    ),
    (
        "tests/bpf/license_unended.bpf.o",
        Verdict::OnlyTheirs,
        "a licence without its end; libbpf takes what there is",
    ),
    (
        "tests/bpf/maps/tail_calls.bpf.o",
        Verdict::OnlyOursLoads,
        "an optional program in a slot of a program array; the slot stays empty, libbpf puts an error number in it",
    ),
    ("tests/bpf/maps/legacy.bpf.o", Verdict::OnlyOurs, LEGACY),
    ("tests/bpf/maps/legacy_long.bpf.o", Verdict::OnlyOurs, LEGACY),
    ("tests/bpf/maps/legacy_mixed.bpf.o", Verdict::OnlyOurs, LEGACY),
    ("tests/bpf/no_programs.bpf.o", Verdict::OnlyTheirs, "nothing to load but a map"),
    (
        "tests/bpf/types/forms.bpf.o",
        Verdict::OnlyOursLoads,
        "a lock in a data section, which the kernel does not map; libbpf asks it to",
    ),
    ("tests/bpf/unsupported_struct_ops.bpf.o", Verdict::OnlyTheirs, "optional operations are not built yet"),
    (
        "tests/bpf/unsupported_struct_ops_map.bpf.o",
        Verdict::Crash,
        "a map definition of type struct_ops without a variable that it would be made of",
    ),
];

/// What is expected of an object that is not taken alike.
pub(crate) fn of(fixture: &str) -> Option<(Verdict, &'static str)> {
    EXCEPTIONS.iter().find(|(name, ..)| *name == fixture).map(|&(_, verdict, reason)| (verdict, reason))
}
