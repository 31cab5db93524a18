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

/// libbpf's mark of programs that are there but not loaded unless they are switched on, and the name without
/// it.
pub(crate) fn autoload(section: &str) -> (bool, &str) {
    section.strip_prefix('?').map_or((true, section), |name| (false, name))
}

/// The kind of the programs in a section, and the target that the name gives.
pub(crate) fn program_kind(section: &str) -> Option<(&'static ProgramKind, Option<&str>)> {
    let (_, section) = autoload(section);
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

    /// A target without the name of the module it is in, where that is the kernel itself: `vmlinux:func` is
    /// `func`.
    pub(crate) fn plain_target<'t>(&self, target: &'t str) -> &'t str {
        if self.has_modules() { target.strip_prefix("vmlinux:").unwrap_or(target) } else { target }
    }

    /// Whether libbpf looks for its targets in modules too.
    fn has_modules(&self) -> bool {
        self.btf_target == Some(BtfTarget { prefix: "", kind: BTF_FUNC })
    }

    /// Why a target cannot be the target of this kind; nothing when it can.
    pub fn refuse_target(&self, target: &str) -> Option<String> {
        let target = self.plain_target(target);
        if self.has_modules() && target.contains(':') {
            return Some(format!(
                "`{target}` is in a module: only functions of the kernel itself (`vmlinux:`, or no module) are supported \
                 as targets yet"
            ));
        }
        let named = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
        if target.is_empty() || !target.bytes().all(named) {
            return Some(format!("`{target}` is not the name of {}", self.target));
        }
        None
    }
}

/// Names that libbpf gives a program type which is not loaded here yet, by what stands in front of the first
/// `/`: what the programs are, and the names.
static NOT_YET: &[(&str, &[&str])] = &[
    ("socket filter", &["socket"]),
    ("reuseport", &["sk_reuseport"]),
    (
        "kprobe",
        &[
            "kprobe",
            "kretprobe",
            "kprobe.multi",
            "kretprobe.multi",
            "kprobe.session",
            "ksyscall",
            "kretsyscall",
        ],
    ),
    (
        "uprobe",
        &[
            "uprobe",
            "uprobe.s",
            "uretprobe",
            "uretprobe.s",
            "uprobe.multi",
            "uprobe.multi.s",
            "uretprobe.multi",
            "uretprobe.multi.s",
            "uprobe.session",
            "uprobe.session.s",
        ],
    ),
    ("USDT", &["usdt", "usdt.s"]),
    ("traffic control", &["tc", "tcx", "classifier", "action", "netkit"]),
    ("tracepoint", &["tracepoint", "tp", "tracepoint.s", "tp.s"]),
    ("sleepable raw tracepoint", &["raw_tracepoint.s", "raw_tp.s", "tp_btf.s"]),
    ("tracing session", &["fsession", "fsession.s"]),
    (
        "multi-target tracing",
        &[
            "fentry.multi",
            "fentry.multi.s",
            "fexit.multi",
            "fexit.multi.s",
            "fsession.multi",
            "fsession.multi.s",
        ],
    ),
    ("extension (`freplace`)", &["freplace"]),
    ("LSM cgroup", &["lsm_cgroup"]),
    ("syscall", &["syscall"]),
    ("XDP", &["xdp", "xdp.frags"]),
    ("perf event", &["perf_event"]),
    ("lightweight tunnel", &["lwt_in", "lwt_out", "lwt_xmit", "lwt_seg6local"]),
    ("sockops", &["sockops"]),
    ("socket map", &["sk_skb", "sk_msg"]),
    ("LIRC", &["lirc_mode2"]),
    ("flow dissector", &["flow_dissector"]),
    ("cgroup", &["cgroup", "cgroup_skb"]),
    ("struct_ops", &["struct_ops", "struct_ops.s"]),
    ("socket lookup", &["sk_lookup"]),
    ("netfilter", &["netfilter"]),
];

/// What the programs of a section are, where libbpf knows them and they are not loaded here yet.
pub(crate) fn not_yet(section: &str) -> Option<&'static str> {
    let name = family(section);
    NOT_YET.iter().find(|(_, names)| names.contains(&name)).map(|(what, _)| *what)
}

/// The name that was meant, if one is but a slip away.
pub(crate) fn meant(section: &str) -> Option<&'static str> {
    let name = family(section);
    let known = KINDS.iter().map(|kind| kind.section);
    let all = known.chain(NOT_YET.iter().flat_map(|(_, names)| names.iter().copied()));
    let distances = all.map(|known| (distance(name, known), known));
    // In a short name everything is near to everything.
    let near = distances.filter(|&(distance, _)| distance <= 2 && distance < name.len());
    near.min_by_key(|&(distance, _)| distance).map(|(_, known)| known)
}

/// What stands in front of the target.
fn family(section: &str) -> &str {
    let (_, section) = autoload(section);
    section.split_once('/').map_or(section, |(name, _)| name)
}

/// How many bytes must be put in, left out or changed to make one name of the other.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, byte) in from.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], above + 1);
        for (at, other) in to.bytes().enumerate() {
            let changed = diagonal + usize::from(byte != other);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[to.len()]
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
        // Clang does so with functions that are `cold`, and with all of them where it is told to.
        _ if name.starts_with(".text.") => {
            "the compiler has moved functions out of `.text`, where they cannot be called; compile without \
             `__attribute__((cold))` and without `-ffunction-sections`"
        }
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
        let (kind, target) = program_kind("?raw_tp/sys_enter").unwrap();
        assert_eq!((kind.section, target), ("raw_tp", Some("sys_enter")));
        assert_eq!(program_kind("fentry").unwrap().1, None);
        assert_eq!(program_kind("iterator/bpf_map"), None);
    }

    #[test]
    fn a_name_belongs_to_one_kind() {
        for (_, names) in NOT_YET {
            assert!(names.iter().all(|name| program_kind(name).is_none()), "{names:?}");
        }
        assert_eq!(not_yet("xdp.frags/devmap"), Some("XDP"));
        assert_eq!(not_yet("?kprobe/do_unlinkat"), Some("kprobe"));
        assert_eq!(not_yet("cgroup/connect4"), Some("cgroup"));
        assert_eq!(not_yet("xdpp"), None);
    }

    #[test]
    fn a_slip_is_told_from_another_name() {
        assert_eq!(meant("fentyr/do_unlinkat"), Some("fentry"));
        assert_eq!(meant("?iters/task"), Some("iter"));
        assert_eq!(meant("kprobes/do_unlinkat"), Some("kprobe"));
        assert_eq!(meant("iterator/bpf_map"), None);
        assert_eq!(meant("ab"), None);
        assert_eq!((distance("", "abc"), distance("abc", "abc"), distance("abc", "acd")), (3, 0, 2));
    }

    #[test]
    fn the_kernel_itself_may_be_named_as_a_module() {
        let (fentry, _) = program_kind("fentry").unwrap();
        assert_eq!(fentry.plain_target("vmlinux:do_unlinkat"), "do_unlinkat");
        assert_eq!(fentry.refuse_target("vmlinux:do_unlinkat"), None);
        assert!(fentry.refuse_target("ext4:ext4_sync_fs").unwrap().contains("in a module"));
        let (iter, _) = program_kind("iter").unwrap();
        assert!(iter.refuse_target("vmlinux:task").unwrap().contains("not the name"));
    }
}
