//! Section names: what a program in a section is, and what it attaches to.
//!
//! Names, their order and the rules of matching follow libbpf, so that an object means the same here and
//! there. `table` is the one list; `way` says how each kind is attached, `target` reads what it attaches to,
//! `near` finds the name that was meant.

mod iterator;
mod near;
pub(crate) mod numbers;
mod place;
mod table;
mod target;
mod way;

use std::fmt;

pub(crate) use near::meant;
pub use place::{
    CgroupOrder, Direction, Family, Hook, Interface, Place, Position, Setting, SettingError, SockMapHook,
    Value, XdpMode,
};
pub use target::Attach;
pub use way::{Probe, Way};

/// `BPF_F_SLEEPABLE` of `BPF_PROG_LOAD` (5.10).
const SLEEPABLE: u32 = 1 << 4;
/// `BPF_F_XDP_HAS_FRAGS` of `BPF_PROG_LOAD` (5.18).
const XDP_HAS_FRAGS: u32 = 1 << 5;

/// What the kernel itself is called, where a module could be named.
pub(crate) const KERNEL: &str = "vmlinux";

const BTF_TYPEDEF: u32 = 8;
const BTF_FUNC: u32 = 12;

/// The type in the kernel's own BTF that a program is loaded against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BtfTarget {
    /// What the kernel puts in front of the target's name.
    pub prefix: &'static str,
    /// `BTF_KIND_FUNC` or `BTF_KIND_TYPEDEF`.
    pub kind: u32,
}

/// A type of the kernel or of a module.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KernelType {
    /// The module that it is in; `vmlinux` for the kernel itself, none for the first that has it.
    pub module: Option<String>,
    /// `BTF_KIND_FUNC` or `BTF_KIND_TYPEDEF`.
    pub kind: u32,
    /// Its full name.
    pub name: String,
}

/// A version of Linux.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kernel(pub u8, pub u8);

impl Kernel {
    const fn is_before(self, other: Self) -> bool {
        self.0 < other.0 || self.0 == other.0 && self.1 < other.1
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// One kind of program, by the name of its section.
#[derive(Debug, PartialEq, Eq)]
pub struct ProgramKind {
    /// The section name, or what stands in front of `/` and the target.
    pub section: &'static str,
    /// Whether a target may follow the name.
    pub takes_target: bool,
    /// `enum bpf_prog_type`.
    pub program_type: u32,
    /// `enum bpf_attach_type` expected at load; 0 where the type has none.
    pub attach_type: u32,
    /// Flags for `BPF_PROG_LOAD`.
    pub flags: u32,
    /// The kernel type to load against, where the program type wants one.
    pub btf_target: Option<BtfTarget>,
    /// How it attaches.
    pub way: Way,
    /// The first kernel that loads such programs.
    pub since: Kernel,
    /// The first kernel that has a link for them, without which nothing can be pinned; none where no kernel
    /// has one.
    pub link_since: Option<Kernel>,
}

/// libbpf's mark of programs that are there but not loaded unless they are switched on, and the name without
/// it.
pub(crate) fn autoload(section: &str) -> (bool, &str) {
    section.strip_prefix('?').map_or((true, section), |name| (false, name))
}

/// What stands in front of the target.
fn family(section: &str) -> &str {
    section.split_once('/').map_or(section, |(name, _)| name)
}

impl ProgramKind {
    /// All kinds, in the order in which names are matched: that of libbpf.
    pub fn all() -> &'static [Self] {
        &table::KINDS
    }

    /// The kind of the programs in a section, and the target that the name gives.
    pub fn of_section(section: &str) -> Option<(&'static Self, Option<&str>)> {
        let (_, section) = autoload(section);
        Self::all().iter().find_map(|kind| {
            let rest = section.strip_prefix(kind.section)?;
            match rest.strip_prefix('/') {
                _ if rest.is_empty() => Some((kind, None)),
                Some(target) if kind.takes_target => {
                    Some((kind, Some(target).filter(|target| !target.is_empty())))
                }
                _ => None,
            }
        })
    }

    /// The attach type that the program is loaded with: libbpf gives USDT that of a link of many places, where the
    /// kernel has one; those that do not have it do not look.
    pub fn load_attach_type(&self) -> u32 {
        if self.way == Way::Usdt { numbers::attach::TRACE_UPROBE_MULTI } else { self.attach_type }
    }

    /// Whether the program cannot even be loaded without a target.
    pub fn needs_target(&self) -> bool {
        self.btf_target.is_some()
    }

    /// What a target is, with its article.
    pub fn target(&self) -> &'static str {
        match self.btf_target {
            Some(BtfTarget { prefix: "bpf_lsm_", .. }) => "an LSM hook",
            Some(BtfTarget { prefix: "btf_trace_", .. }) => "a tracepoint",
            _ => self.way.target().map_or("a target", |(what, _)| what),
        }
    }

    /// Why a target cannot be the target of this kind; nothing when it can.
    pub fn refuse_target(&self, target: &str) -> Option<String> {
        let problem = self.way.parse(target).err()?;
        Some(match self.btf_target {
            Some(_) => format!("`{}` is not the name of {}", target.escape_debug(), self.target()),
            None => problem,
        })
    }

    /// The type that a program with this target is loaded against.
    pub(crate) fn kernel_type(&self, target: &str) -> Option<KernelType> {
        let (module, name) = target::in_module(target);
        let BtfTarget { prefix, kind } = self.btf_target?;
        Some(KernelType { module: module.map(str::to_owned), kind, name: format!("{prefix}{name}") })
    }

    /// What the type of a program's handle calls its kind, which is what the handle has methods for.
    pub fn handle(&self) -> &'static str {
        match self.way {
            Way::Iterator => "Iterator",
            Way::RawTracepoint => "RawTracepoint",
            Way::Trace => "Trace",
            Way::TraceMulti => "TraceMulti",
            Way::Tracepoint => "Tracepoint",
            Way::Kprobe(_) => "Kprobe",
            Way::KprobeMulti(_) => "KprobeMulti",
            Way::Ksyscall(_) => "Ksyscall",
            Way::Uprobe(_) => "Uprobe",
            Way::UprobeMulti(_) => "UprobeMulti",
            Way::Usdt => "Usdt",
            Way::Extension => "Extension",
            Way::StructOps => "StructOps",
            Way::Xdp => "Xdp",
            Way::TrafficControl if self.is_open() => "Classifier",
            Way::TrafficControl => "Tcx",
            Way::Action => "Action",
            Way::Netkit => "Netkit",
            Way::Cgroup if self.is_open() => "CgroupSkb",
            Way::Cgroup | Way::LsmCgroup => "Cgroup",
            Way::SockMap if self.is_open() => "SkSkb",
            Way::SockMap => "SockMap",
            Way::NetNamespace => "NetNamespace",
            Way::Netfilter => "Netfilter",
            Way::PerfEvent => "PerfEvent",
            Way::Lirc => "Lirc",
            Way::Socket => "Socket",
            Way::Reuseport => "Reuseport",
            Way::MapEntry => "MapEntry",
            Way::Tunnel => "Tunnel",
            Way::Run => "Run",
        }
    }

    /// How a program of this kind with this target is attached; nothing when that is left to the caller.
    pub(crate) fn attach(&self, target: Option<&str>) -> Option<Attach> {
        self.way.parse(target?).ok().flatten()
    }
}

/// Where the names are listed.
pub(crate) const LISTED: &str = "all names are listed in the documentation of `preload_runtime::sections`";

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
        ".struct_ops" | ".struct_ops.link" if section.starts_with('?') => {
            "optional operations cannot be preloaded yet; leave out the `?` of the section name"
        }
        ".jumptables" => "jump tables cannot be preloaded yet; compile with `-mcpu=v3`",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(section: &str) -> (&'static str, Option<&str>) {
        let (kind, target) = ProgramKind::of_section(section).unwrap();
        (kind.section, target)
    }

    #[test]
    fn a_target_belongs_to_the_section_name() {
        assert_eq!(kind("iter/bpf_map"), ("iter", Some("bpf_map")));
        assert_eq!(kind("lsm.s/bprm_committed_creds"), ("lsm.s", Some("bprm_committed_creds")));
        assert_eq!(kind("?raw_tp/sys_enter"), ("raw_tp", Some("sys_enter")));
        assert_eq!(kind("tp/syscalls/sys_enter_openat"), ("tp", Some("syscalls/sys_enter_openat")));
        assert_eq!(kind("fentry"), ("fentry", None));
        assert_eq!(kind("kprobe/"), ("kprobe", None));
        assert_eq!(ProgramKind::of_section("iterator/bpf_map"), None);
    }

    #[test]
    fn a_name_without_targets_is_matched_whole() {
        assert_eq!(kind("xdp/devmap"), ("xdp/devmap", None));
        assert_eq!(kind("tc"), ("tc", None));
        assert_eq!(kind("sk_reuseport/migrate"), ("sk_reuseport/migrate", None));
        for name in ["xdp/eth0", "tc/", "cgroup", "cgroup/connect", "xdpp"] {
            assert_eq!(ProgramKind::of_section(name), None, "{name}");
        }
    }

    #[test]
    fn every_row_is_found_by_its_name() {
        for row in ProgramKind::all() {
            assert_eq!(kind(row.section), (row.section, None));
            assert_eq!(row.takes_target, row.way.target().is_some(), "{}", row.section);
            assert!(row.link_since.is_none_or(|link| link >= row.since), "{}", row.section);
        }
    }

    #[test]
    fn a_module_may_be_named() {
        let (fentry, _) = ProgramKind::of_section("fentry").unwrap();
        for (target, module, name) in [
            ("do_unlinkat", None, "do_unlinkat"),
            ("vmlinux:do_unlinkat", Some("vmlinux"), "do_unlinkat"),
            ("ext4:ext4_sync_fs", Some("ext4"), "ext4_sync_fs"),
        ] {
            assert_eq!(fentry.refuse_target(target), None);
            let ty = fentry.kernel_type(target).unwrap();
            assert_eq!((ty.module.as_deref(), ty.name.as_str()), (module, name));
        }
        let (tp_btf, _) = ProgramKind::of_section("tp_btf").unwrap();
        assert_eq!(tp_btf.kernel_type("kvm:kvm_exit").unwrap().name, "btf_trace_kvm_exit");
        for target in ["", ":f", "m:", "a b", "m:f:g", "f()"] {
            assert!(
                fentry.refuse_target(target).unwrap().contains("not the name of a kernel function"),
                "{target}"
            );
        }
    }
}
