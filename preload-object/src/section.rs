//! The one table of section names: what a program in a section is, and what it attaches to.
//!
//! Program and attach types are those of `enum bpf_prog_type` and `enum bpf_attach_type` in `linux/bpf.h`;
//! names and target rules follow libbpf, so that an object means the same here and there.

/// `enum bpf_prog_type`.
mod program_type {
    pub(super) const RAW_TRACEPOINT: u32 = 17;
    pub(super) const RAW_TRACEPOINT_WRITABLE: u32 = 24;
    pub(super) const TRACING: u32 = 26;
    pub(super) const LSM: u32 = 29;
}

/// `enum bpf_attach_type`.
mod attach_type {
    pub(super) const NONE: u32 = 0;
    pub(super) const TRACE_RAW_TP: u32 = 23;
    pub(super) const TRACE_FENTRY: u32 = 24;
    pub(super) const TRACE_FEXIT: u32 = 25;
    pub(super) const MODIFY_RETURN: u32 = 26;
    pub(super) const LSM_MAC: u32 = 27;
    pub(super) const TRACE_ITER: u32 = 28;
}

/// `BPF_F_SLEEPABLE` of `BPF_PROG_LOAD` (5.10).
const SLEEPABLE: u32 = 1 << 4;

/// How a program of some kind gets its link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attach {
    /// `BPF_LINK_CREATE` with attach type `BPF_TRACE_ITER` (5.9): the link is a file that is read.
    Iterator,
    /// `BPF_RAW_TRACEPOINT_OPEN` with the name of the tracepoint (4.17).
    RawTracepoint,
    /// `BPF_RAW_TRACEPOINT_OPEN` without a name: the target was fixed at load by its BTF type (5.5).
    Trace,
}

/// The type in the kernel's own BTF that a program is loaded against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BtfTarget {
    /// What the kernel puts in front of the target's name.
    pub prefix: &'static str,
    /// `BTF_KIND_FUNC` or `BTF_KIND_TYPEDEF`.
    pub kind: u32,
}

const BTF_FUNC: u32 = 12;
const BTF_TYPEDEF: u32 = 8;

/// One kind of program, by the name of its section.
#[derive(Debug, PartialEq, Eq)]
pub struct ProgramKind {
    /// The section name, or what stands in front of `/` and the target.
    pub section: &'static str,
    /// `enum bpf_prog_type`.
    pub program_type: u32,
    /// `enum bpf_attach_type` expected at load; 0 where the type has none.
    pub attach_type: u32,
    /// Flags for `BPF_PROG_LOAD`.
    pub flags: u32,
    /// The kernel type to load against, where the program type wants one.
    pub btf_target: Option<BtfTarget>,
    /// How it attaches.
    pub attach: Attach,
    /// What the text after the `/` is, for messages, with its article.
    pub target: &'static str,
}

const fn raw_tracepoint(section: &'static str, program_type: u32) -> ProgramKind {
    ProgramKind {
        section,
        program_type,
        attach_type: attach_type::NONE,
        flags: 0,
        btf_target: None,
        attach: Attach::RawTracepoint,
        target: "a tracepoint",
    }
}

const fn tracing(section: &'static str, attach_type: u32, flags: u32) -> ProgramKind {
    ProgramKind {
        section,
        program_type: program_type::TRACING,
        attach_type,
        flags,
        btf_target: Some(BtfTarget { prefix: "", kind: BTF_FUNC }),
        attach: Attach::Trace,
        target: "a kernel function",
    }
}

const fn iterator(section: &'static str, flags: u32) -> ProgramKind {
    ProgramKind {
        section,
        program_type: program_type::TRACING,
        attach_type: attach_type::TRACE_ITER,
        flags,
        btf_target: Some(BtfTarget { prefix: "bpf_iter_", kind: BTF_FUNC }),
        attach: Attach::Iterator,
        target: "an iterator",
    }
}

const fn lsm(section: &'static str, flags: u32) -> ProgramKind {
    ProgramKind {
        section,
        program_type: program_type::LSM,
        attach_type: attach_type::LSM_MAC,
        flags,
        btf_target: Some(BtfTarget { prefix: "bpf_lsm_", kind: BTF_FUNC }),
        attach: Attach::Trace,
        target: "an LSM hook",
    }
}

/// All kinds that can be preloaded.
static KINDS: &[ProgramKind] = &[
    iterator("iter", 0),
    iterator("iter.s", SLEEPABLE),
    raw_tracepoint("raw_tp", program_type::RAW_TRACEPOINT),
    raw_tracepoint("raw_tracepoint", program_type::RAW_TRACEPOINT),
    raw_tracepoint("raw_tp.w", program_type::RAW_TRACEPOINT_WRITABLE),
    raw_tracepoint("raw_tracepoint.w", program_type::RAW_TRACEPOINT_WRITABLE),
    ProgramKind {
        section: "tp_btf",
        program_type: program_type::TRACING,
        attach_type: attach_type::TRACE_RAW_TP,
        flags: 0,
        btf_target: Some(BtfTarget { prefix: "btf_trace_", kind: BTF_TYPEDEF }),
        attach: Attach::Trace,
        target: "a tracepoint",
    },
    tracing("fentry", attach_type::TRACE_FENTRY, 0),
    tracing("fentry.s", attach_type::TRACE_FENTRY, SLEEPABLE),
    tracing("fexit", attach_type::TRACE_FEXIT, 0),
    tracing("fexit.s", attach_type::TRACE_FEXIT, SLEEPABLE),
    tracing("fmod_ret", attach_type::MODIFY_RETURN, 0),
    tracing("fmod_ret.s", attach_type::MODIFY_RETURN, SLEEPABLE),
    lsm("lsm", 0),
    lsm("lsm.s", SLEEPABLE),
];

/// The kind of the programs in a section, and the target that the name gives.
pub(crate) fn program_kind(section: &str) -> Option<(&'static ProgramKind, Option<&str>)> {
    let (name, target) = match section.split_once('/') {
        Some((name, target)) => (name, Some(target).filter(|target| !target.is_empty())),
        None => (section, None),
    };
    KINDS.iter().find(|kind| kind.section == name).map(|kind| (kind, target))
}

impl ProgramKind {
    /// Whether the program cannot even be loaded without a target.
    pub fn needs_target(&self) -> bool {
        self.btf_target.is_some()
    }

    /// Why a target cannot be the target of this kind; nothing when it can.
    pub fn refuse_target(&self, target: &str) -> Option<String> {
        let named = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
        if target.is_empty() || !target.bytes().all(named) {
            return Some(format!("`{target}` is not the name of {}", self.target));
        }
        None
    }
}

/// The known section names as a sentence part.
pub(crate) fn known() -> String {
    let names: Vec<String> = KINDS.iter().map(|kind| format!("`{}/..`", kind.section)).collect();
    names.join(", ")
}

/// Sections that libbpf gives a meaning which cannot be carried out here yet: loading the object without
/// them would change what it does.
pub(crate) fn unsupported(section: &str) -> Option<&'static str> {
    let name = section.strip_prefix('?').unwrap_or(section);
    Some(match name {
        "maps" => "maps of the old kind are not preloaded; define them in `.maps` with `__uint` and `__type`",
        ".struct_ops" | ".struct_ops.link" => {
            "struct_ops cannot be preloaded yet; remove them from the object"
        }
        ".addr_space.1" => "arenas cannot be preloaded yet; remove them from the object",
        ".jumptables" => "jump tables cannot be preloaded yet; compile with `-fno-jump-tables`",
        ".kconfig" => "Kconfig values cannot be preloaded yet; remove them from the object",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_belongs_to_the_section_name() {
        let (kind, target) = program_kind("iter/bpf_map").unwrap();
        assert_eq!((kind.section, target), ("iter", Some("bpf_map")));
        let (kind, target) = program_kind("lsm.s/bprm_committed_creds").unwrap();
        assert_eq!((kind.flags, target), (SLEEPABLE, Some("bprm_committed_creds")));
        assert_eq!(program_kind("fentry").unwrap().1, None);
        assert_eq!(program_kind("iterator/bpf_map"), None);
    }
}
