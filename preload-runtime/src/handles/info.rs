//! What the kernel says of links and programs.

use core::fmt;

use crate::sys::bpf;
use crate::sys::link::{self as sys, Name};

/// What the kernel says of a link (5.8).
#[derive(Debug)]
#[non_exhaustive]
pub struct LinkInfo {
    /// Its id, as in `bpftool link`.
    pub id: u32,
    /// The id of the program that it attaches; 0 where the link holds none (struct_ops).
    pub program_id: u32,
    /// `enum bpf_link_type`.
    pub link_type: u32,
    /// What it is attached to.
    pub attachment: Attachment,
}

/// What a link is attached to. Numbers that a kernel does not tell yet are 0, names are none.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attachment {
    /// A raw tracepoint.
    RawTracepoint {
        /// The name of the tracepoint.
        name: Option<Text>,
        /// The value that the program gets from `bpf_get_attach_cookie` (6.10).
        cookie: u64,
    },
    /// What the program was loaded against: fentry, fexit, fmod_ret, LSM, `tp_btf`, freplace.
    Tracing {
        /// `enum bpf_attach_type`.
        attach_type: u32,
        /// The id of the program that is the target, or of the BTF object that the target is in.
        target_object_id: u32,
        /// The type in that BTF.
        target_btf_id: u32,
        /// The value that the program gets from `bpf_get_attach_cookie` (6.17).
        cookie: u64,
    },
    /// A cgroup.
    Cgroup {
        /// The number of its directory's inode; 0 when the cgroup is gone.
        cgroup_id: u64,
        /// `enum bpf_attach_type`.
        attach_type: u32,
    },
    /// An iterator.
    Iterator {
        /// What it goes through.
        name: Option<Text>,
        /// The map, for those that go through the elements of one.
        map_id: u32,
        /// The number of the inode of the first cgroup, for those that go through cgroups (6.1).
        cgroup_id: u64,
        /// Which cgroups they go through, `enum bpf_cgroup_iter_order` (6.1).
        cgroup_order: u32,
        /// The only thread, for those that go through tasks (6.1).
        tid: u32,
        /// The only process, for those that go through tasks (6.1).
        pid: u32,
    },
    /// A network namespace.
    Netns {
        /// The inode number of its file; 0 when the namespace is gone.
        inode: u32,
        /// `enum bpf_attach_type`.
        attach_type: u32,
    },
    /// The XDP hook of an interface.
    Xdp {
        /// The index of the interface; 0 when it is gone.
        interface: u32,
    },
    /// The type that a struct_ops map implements.
    StructOps {
        /// The map; 0 when it was taken away.
        map_id: u32,
    },
    /// A netfilter hook of a network namespace (6.4).
    Netfilter {
        /// `NFPROTO_*`.
        family: u32,
        /// `NF_INET_*`.
        hook: u32,
        /// Lower numbers run first.
        priority: i32,
        /// `BPF_F_NETFILTER_IP_DEFRAG`.
        flags: u32,
    },
    /// Several kernel functions (what is told: 6.6).
    KprobeMulti {
        /// How many.
        count: u32,
        /// `BPF_F_KPROBE_MULTI_RETURN`.
        flags: u32,
        /// Calls that were not seen.
        missed: u64,
    },
    /// Several kernel functions, by trampolines (7.2).
    TracingMulti {
        /// `BPF_TRACE_FENTRY_MULTI` and the like.
        attach_type: u32,
        /// How many.
        count: u32,
    },
    /// Several functions of a file (what is told: 6.8).
    UprobeMulti {
        /// The file.
        path: Option<Text>,
        /// How many.
        count: u32,
        /// `BPF_F_UPROBE_MULTI_RETURN`.
        flags: u32,
        /// The only process; 0 for all.
        pid: u32,
    },
    /// A kernel function (what is told: 6.6).
    Kprobe {
        /// The function.
        function: Option<Text>,
        /// Bytes from its start.
        offset: u32,
        /// The address; 0 for those who may not see it.
        address: u64,
        /// Calls that were not seen.
        missed: u64,
        /// The value that the program gets from `bpf_get_attach_cookie`.
        cookie: u64,
        /// Whether the program runs when the function returns.
        returns: bool,
    },
    /// A place in a file (what is told: 6.6).
    Uprobe {
        /// The file.
        path: Option<Text>,
        /// The place.
        offset: u32,
        /// The value that the program gets from `bpf_get_attach_cookie`.
        cookie: u64,
        /// Whether the program runs when the function returns.
        returns: bool,
    },
    /// A tracepoint (what is told: 6.6).
    Tracepoint {
        /// Its name.
        name: Option<Text>,
        /// The value that the program gets from `bpf_get_attach_cookie`.
        cookie: u64,
    },
    /// Another perf event (what is told: 6.6).
    PerfEvent {
        /// `PERF_TYPE_*`.
        event_type: u32,
        /// The event, in the numbers of its type.
        config: u64,
        /// The value that the program gets from `bpf_get_attach_cookie`.
        cookie: u64,
    },
    /// The tcx hook of an interface (6.6).
    Tcx {
        /// The index of the interface; 0 when it is gone.
        interface: u32,
        /// `enum bpf_attach_type`.
        attach_type: u32,
    },
    /// A netkit device (6.7).
    Netkit {
        /// The index of the interface; 0 when it is gone.
        interface: u32,
        /// `enum bpf_attach_type`.
        attach_type: u32,
    },
    /// A map of sockets (6.10).
    Sockmap {
        /// The map; 0 when it is gone.
        map_id: u32,
        /// `enum bpf_attach_type`.
        attach_type: u32,
    },
    /// Something that this kernel does not tell, or that is not known here.
    Unknown,
}

/// A name of the kernel's: bytes without a NUL.
pub struct Text(Name);

impl Text {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        self.0.bytes()
    }

    /// The bytes as a string, where they are UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        core::str::from_utf8(self.bytes()).ok()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.bytes().escape_ascii())
    }
}

impl Attachment {
    /// `enum bpf_attach_type`, for those kinds of links that tell it or can have but one.
    pub fn attach_type(&self) -> Option<u32> {
        match *self {
            Self::Iterator { .. } => Some(28),
            Self::Xdp { .. } => Some(37),
            Self::Netfilter { .. } => Some(45),
            Self::Tracing { attach_type, .. }
            | Self::Cgroup { attach_type, .. }
            | Self::Netns { attach_type, .. }
            | Self::Tcx { attach_type, .. }
            | Self::Netkit { attach_type, .. }
            | Self::Sockmap { attach_type, .. } => Some(attach_type),
            _ => None,
        }
    }
}

impl From<sys::Target> for Attachment {
    fn from(target: sys::Target) -> Self {
        use sys::Target;

        match target {
            Target::RawTracepoint { name, cookie } => Self::RawTracepoint { name: name.map(Text), cookie },
            Target::Tracing { attach_type, object, btf, cookie } => {
                Self::Tracing { attach_type, target_object_id: object, target_btf_id: btf, cookie }
            }
            Target::Cgroup { id, attach_type } => Self::Cgroup { cgroup_id: id, attach_type },
            Target::Iterator { name, map, cgroup, order, tid, pid } => Self::Iterator {
                name: name.map(Text),
                map_id: map,
                cgroup_id: cgroup,
                cgroup_order: order,
                tid,
                pid,
            },
            Target::Netns { inode, attach_type } => Self::Netns { inode, attach_type },
            Target::Xdp { ifindex } => Self::Xdp { interface: ifindex },
            Target::StructOps { map } => Self::StructOps { map_id: map },
            Target::Netfilter { family, hook, priority, flags } => {
                Self::Netfilter { family, hook, priority, flags }
            }
            Target::KprobeMulti { count, flags, missed } => Self::KprobeMulti { count, flags, missed },
            Target::TracingMulti { attach_type, count } => Self::TracingMulti { attach_type, count },
            Target::UprobeMulti { path, count, flags, pid } => {
                Self::UprobeMulti { path: path.map(Text), count, flags, pid }
            }
            Target::Kprobe { name, offset, address, missed, cookie, returns } => {
                Self::Kprobe { function: name.map(Text), offset, address, missed, cookie, returns }
            }
            Target::Uprobe { path, offset, cookie, returns } => {
                Self::Uprobe { path: path.map(Text), offset, cookie, returns }
            }
            Target::Tracepoint { name, cookie } => Self::Tracepoint { name: name.map(Text), cookie },
            Target::Event { kind, config, cookie } => Self::PerfEvent { event_type: kind, config, cookie },
            Target::Tcx { ifindex, attach_type } => Self::Tcx { interface: ifindex, attach_type },
            Target::Netkit { ifindex, attach_type } => Self::Netkit { interface: ifindex, attach_type },
            Target::Sockmap { map, attach_type } => Self::Sockmap { map_id: map, attach_type },
            Target::Other => Self::Unknown,
        }
    }
}

/// What the kernel says of a program (4.13). Numbers that a kernel does not tell yet are 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProgramInfo {
    /// Its id, as in `bpftool prog`.
    pub id: u32,
    /// `enum bpf_prog_type`.
    pub program_type: u32,
    /// The kernel's digest of the instructions, as in `bpftool prog`.
    pub tag: [u8; 8],
    /// What the kernel calls it, up to 15 bytes of the function's name, with zeros behind.
    pub name: [u8; 16],
    /// When it was loaded: nanoseconds since boot, time spent suspended included.
    pub load_time: u64,
    /// The user who loaded it, by number.
    pub user: u32,
    /// The number of maps that it uses.
    pub maps: u32,
    /// The id of the BTF object it was loaded with; 0 for none.
    pub btf_id: u32,
    /// Nanoseconds it has run, while the kernel counts (`sysctl kernel.bpf_stats_enabled=1`).
    pub run_time: u64,
    /// How often it has run, while the kernel counts.
    pub run_count: u64,
    /// Instructions that the verifier has gone through (5.16).
    pub verified_instructions: u32,
}

impl From<sys::ProgramInfo> for ProgramInfo {
    fn from(info: sys::ProgramInfo) -> Self {
        Self {
            id: info.id,
            program_type: info.program_type,
            tag: info.tag,
            name: info.name,
            load_time: info.load_time,
            user: info.user,
            maps: info.maps,
            btf_id: info.btf,
            run_time: info.run_time,
            run_count: info.run_count,
            verified_instructions: info.verified,
        }
    }
}

/// What the kernel says of a map (4.13).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MapInfo {
    /// Its id, as in `bpftool map`.
    pub id: u32,
    /// `enum bpf_map_type`.
    pub map_type: u32,
    /// Bytes of a key.
    pub key_size: u32,
    /// Bytes of a value.
    pub value_size: u32,
    /// Entries, in the unit of the map type.
    pub max_entries: u32,
    /// `BPF_F_*` flags of `BPF_MAP_CREATE`.
    pub flags: u32,
    /// The extra parameter of some map types (5.16).
    pub map_extra: u64,
}

impl From<bpf::MapInfo> for MapInfo {
    fn from(info: bpf::MapInfo) -> Self {
        let bpf::MapInfo { id, map_type, key_size, value_size, max_entries, flags, map_extra, .. } = info;
        Self { id, map_type, key_size, value_size, max_entries, flags, map_extra }
    }
}
