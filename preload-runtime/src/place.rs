//! What the attribute's settings say a program is attached to.

use crate::target::{CgroupOrder, Direction, Interface, Netfilter, Order, XdpMode};

/// What a program is attached to, where the attribute says so in settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The XDP hook of an interface (5.9).
    Xdp {
        /// The interface.
        interface: Interface<'static>,
        /// Where the program runs.
        mode: XdpMode,
    },
    /// The tcx hook of an interface (6.6).
    Tcx {
        /// The interface.
        interface: Interface<'static>,
        /// The direction; none where the program is for one.
        direction: Option<Direction>,
        /// Where among the other programs.
        position: Position,
    },
    /// A netkit interface (6.7).
    Netkit {
        /// The interface.
        interface: Interface<'static>,
        /// Where among the other programs.
        position: Position,
    },
    /// A cgroup of version 2 (5.7).
    Cgroup {
        /// The path of its directory.
        path: &'static str,
        /// `enum bpf_attach_type`.
        attach_type: u32,
        /// Where among the other programs (6.17).
        position: Position,
    },
    /// A network namespace (5.8).
    NetNamespace {
        /// The path of its file.
        path: &'static str,
    },
    /// A netfilter hook (6.4).
    Netfilter(Netfilter),
    /// A map of sockets (6.10).
    SockMap {
        /// The index of the map in the plan.
        map: usize,
        /// `enum bpf_attach_type`.
        attach_type: u32,
    },
    /// A program, a function of which is replaced (5.6).
    Extension {
        /// The path of its pin, or of that of its link.
        program: &'static str,
    },
    /// The elements of a map, which an iterator goes through (5.9).
    MapIterator {
        /// The index of the map in the plan.
        map: usize,
    },
    /// Cgroups, which an iterator goes through (6.1).
    CgroupIterator {
        /// The path of the first one's directory; none for the root that the process sees.
        path: Option<&'static str>,
        /// Which others.
        order: CgroupOrder,
    },
    /// One thread, by its number, which an iterator goes through (6.1).
    ThreadIterator(u32),
    /// The threads of one process, by its number, which an iterator goes through (6.1).
    ProcessIterator(u32),
}

/// A place among the programs of a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Where the kernel puts it.
    Any,
    /// In front of all others.
    First,
    /// Behind all others.
    Last,
}

impl Position {
    pub(crate) fn order(self) -> Order<'static> {
        match self {
            Self::Any => Order::any(),
            Self::First => Order::first(),
            Self::Last => Order::last(),
        }
    }
}
