//! The ways in which programs are attached, and what each wants to be told.

/// When a probe runs its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Probe {
    /// Before the function.
    Entry,
    /// When it returns.
    Return,
    /// At both, with something to remember between.
    Session,
}

/// How a program gets its link, or what else makes the kernel call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Way {
    /// `BPF_LINK_CREATE` with attach type `BPF_TRACE_ITER`: the link is a file that is read.
    Iterator,
    /// `BPF_RAW_TRACEPOINT_OPEN` with the name of the tracepoint.
    RawTracepoint,
    /// `BPF_RAW_TRACEPOINT_OPEN` without a name: the target was fixed at load by its BTF type.
    Trace,
    /// `BPF_LINK_CREATE` with the BTF types of many functions.
    TraceMulti,
    /// `perf_event_open` with the number that tracefs gives the tracepoint, and a link of the event.
    Tracepoint,
    /// `perf_event_open` of the PMU `kprobe`, and a link of the event.
    Kprobe(Probe),
    /// `BPF_LINK_CREATE` with the names of many functions.
    KprobeMulti(Probe),
    /// As a kprobe on the function of a system call, whose name depends on the machine.
    Ksyscall(Probe),
    /// `perf_event_open` of the PMU `uprobe` with a file and an offset, and a link of the event.
    Uprobe(Probe),
    /// `BPF_LINK_CREATE` with a file and many offsets.
    UprobeMulti(Probe),
    /// As uprobes at the places that the notes of a file list.
    Usdt,
    /// In place of a function of another program, which is named before load.
    Extension,
    /// As a member of a map of operations.
    StructOps,
    /// On a network interface, at the driver.
    Xdp,
    /// On a network interface, behind the driver.
    TrafficControl,
    /// As a traffic control action, by netlink.
    Action,
    /// On a netkit interface.
    Netkit,
    /// On a cgroup.
    Cgroup,
    /// On a cgroup, at an LSM hook that was fixed at load.
    LsmCgroup,
    /// On a map of sockets.
    SockMap,
    /// On a network namespace.
    NetNamespace,
    /// On a netfilter hook.
    Netfilter,
    /// On a perf event.
    PerfEvent,
    /// On an infrared receiver.
    Lirc,
    /// On a socket, by `SO_ATTACH_BPF`.
    Socket,
    /// On a group of sockets, by `SO_ATTACH_REUSEPORT_EBPF`.
    Reuseport,
    /// As an entry of a device map or a CPU map.
    MapEntry,
    /// On a route, by netlink.
    Tunnel,
    /// Not at all: it is run by `BPF_PROG_RUN`.
    Run,
}

impl Way {
    /// What a target is, with its article, and how it is written; nothing where a section name never holds
    /// one.
    pub fn target(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Iterator => ("an iterator", "[module:]iterator"),
            Self::RawTracepoint => ("a tracepoint", "tracepoint"),
            Self::Trace => ("a kernel function", "[module:]function"),
            Self::TraceMulti => ("a pattern of kernel functions", "[module:]pattern"),
            Self::Tracepoint => ("a tracepoint", "category/tracepoint"),
            Self::Kprobe(Probe::Entry) => ("a kernel function", "function[+offset]"),
            Self::Kprobe(_) => ("a kernel function", "function"),
            Self::KprobeMulti(_) => ("a pattern of kernel functions", "pattern"),
            Self::Ksyscall(_) => ("a system call", "syscall"),
            Self::Uprobe(Probe::Entry) => ("a function of a file", "path:function[+offset]"),
            Self::Uprobe(_) => ("a function of a file", "path:function"),
            Self::UprobeMulti(_) => ("a pattern of functions of a file", "path:pattern"),
            Self::Usdt => ("a probe of a file", "path:provider:name"),
            Self::Extension => ("a function of another program", "function"),
            Self::StructOps => ("any text", "text"),
            Self::LsmCgroup => ("an LSM hook", "hook"),
            _ => return None,
        })
    }

    /// What the program is attached to, in a word or two for tables.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Iterator => "iterator",
            Self::RawTracepoint => "raw tracepoint",
            Self::Trace => "kernel function or hook",
            Self::TraceMulti | Self::KprobeMulti(_) => "many kernel functions",
            Self::Tracepoint => "tracepoint",
            Self::Kprobe(_) => "kernel instruction",
            Self::Ksyscall(_) => "system call",
            Self::Uprobe(_) => "instruction of a file",
            Self::UprobeMulti(_) => "many functions of a file",
            Self::Usdt => "USDT probe of a file",
            Self::Extension => "function of a program",
            Self::StructOps => "map of operations",
            Self::Xdp | Self::TrafficControl => "network interface",
            Self::Action => "traffic control action",
            Self::Netkit => "netkit interface",
            Self::Cgroup | Self::LsmCgroup => "cgroup",
            Self::SockMap => "map of sockets",
            Self::NetNamespace => "network namespace",
            Self::Netfilter => "netfilter hook",
            Self::PerfEvent => "perf event",
            Self::Lirc => "infrared receiver",
            Self::Socket => "socket",
            Self::Reuseport => "group of sockets",
            Self::MapEntry => "entry of a map",
            Self::Tunnel => "route",
            Self::Run => "nothing: it is run by hand",
        }
    }

    /// Whether the runtime attaches such programs; those of other ways it loads, for the caller to attach.
    pub fn is_attached(self) -> bool {
        matches!(
            self,
            Self::Iterator
                | Self::RawTracepoint
                | Self::Trace
                | Self::TraceMulti
                | Self::Tracepoint
                | Self::Kprobe(_)
                | Self::Ksyscall(_)
                | Self::KprobeMulti(_)
                | Self::Uprobe(_)
                | Self::UprobeMulti(_)
                | Self::Usdt
        ) || self.is_placed()
    }

    /// Whether the caller says what such programs are attached to, in settings or with a method of their handles.
    pub fn is_placed(self) -> bool {
        matches!(
            self,
            Self::Xdp
                | Self::TrafficControl
                | Self::Netkit
                | Self::Cgroup
                | Self::LsmCgroup
                | Self::NetNamespace
                | Self::Netfilter
                | Self::SockMap
                | Self::Extension
        )
    }

    /// Whether the kernel keeps a number for each place that such a program is attached to.
    pub fn has_cookie(self) -> bool {
        matches!(
            self,
            Self::RawTracepoint
                | Self::Trace
                | Self::TraceMulti
                | Self::Tracepoint
                | Self::Kprobe(_)
                | Self::KprobeMulti(_)
                | Self::Ksyscall(_)
                | Self::Uprobe(_)
                | Self::UprobeMulti(_)
                | Self::Usdt
                | Self::PerfEvent
        )
    }
}
