//! What each kind of program can be attached to: the methods of typed handles.
//!
//! A link detaches when it is dropped and not pinned. Put into the skeleton's `links`, it is pinned with the others.

use super::{Handle, Link, Map, Program, TcFilter};
use crate::attach::{Attached, Loaded, network, perf, places, traffic, unpinned};
use crate::error::{Call, Error, Step};
use crate::kind;
use crate::sys::net::SocketOption;
use crate::sys::{Fd, link as sys};
use crate::target::{AsFile, AsInterface, Direction, Netfilter, Order, PerfEvent, SockMapHook, XdpMode};

impl Program {
    /// Attaches with a link.
    pub(super) fn linked(&self, attach: impl FnOnce(&Loaded<'_>) -> Attached) -> Result<Link, Error> {
        let fd = self.attached(Step::Attach, attach)?;
        Ok(Link::from_fd(fd, self.plan()))
    }

    /// Does something with a program that is loaded.
    pub(super) fn attached<T>(
        &self,
        step: Step,
        attach: impl FnOnce(&Loaded<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let loaded = Loaded { plan: self.plan(), fd: self.loaded(step)? };
        attach(&loaded).map_err(|error| error.with_item(self.name()))
    }
}

impl Program<kind::Xdp> {
    /// Attaches to an interface (5.9).
    ///
    /// # Errors
    ///
    /// `ENODEV` when this network namespace has no such interface; `EBUSY` when another XDP program is there;
    /// `EOPNOTSUPP` when the driver cannot do what the mode says.
    pub fn attach_xdp(&self, interface: impl AsInterface, mode: XdpMode) -> Result<Link, Error> {
        self.linked(|program| network::xdp(program, interface.interface(), mode))
    }
}

impl Program<kind::Tcx> {
    /// Attaches to an interface at tcx (6.6), in the direction that the section name says.
    ///
    /// # Errors
    ///
    /// `ENODEV` when this network namespace has no such interface; `EINVAL` from older kernels; `ENOENT` when the other
    /// program or link of the order is not there, `ESTALE` when its revision has passed.
    pub fn attach_tcx(&self, interface: impl AsInterface, order: Order<'_>) -> Result<Link, Error> {
        self.linked(|program| network::tcx(program, interface.interface(), None, order))
    }

    /// The old way (4.5), for kernels before 6.6: a filter of classic traffic control on the queueing discipline `clsact`, which
    /// is made if it is not there. It has no link and cannot be pinned: it stays until it is
    /// [detached](TcFilter::detach) or the interface goes. What the program returns is what becomes of the packet
    /// (`direct-action`).
    ///
    /// Filters with a lower priority run first; with 0 the kernel chooses one in front of those that are there.
    ///
    /// # Errors
    ///
    /// `ENODEV` when this network namespace has no such interface, `ENOENT` when the kernel has no `clsact` or no BPF filters.
    pub fn attach_tc_unpinned(&self, interface: impl AsInterface, priority: u16) -> Result<TcFilter, Error> {
        self.attached(Step::Attach, |program| {
            let egress = program.plan.attach_type == network::tcx_hook(Direction::Egress);
            let direction = if egress { Direction::Egress } else { Direction::Ingress };
            traffic::attach(program, interface.interface(), direction, priority)
        })
    }
}

impl Program<kind::Classifier> {
    /// Attaches to an interface at tcx (6.6).
    ///
    /// # Errors
    ///
    /// As those of [`attach_tcx`](Program::<kind::Tcx>::attach_tcx) of programs for one direction.
    pub fn attach_tcx(
        &self,
        interface: impl AsInterface,
        direction: Direction,
        order: Order<'_>,
    ) -> Result<Link, Error> {
        self.linked(|program| network::tcx(program, interface.interface(), Some(direction), order))
    }

    /// The old way (4.5), for kernels before 6.6: a filter of classic traffic control on the queueing discipline `clsact`, which
    /// is made if it is not there. It has no link and cannot be pinned: it stays until it is
    /// [detached](TcFilter::detach) or the interface goes. What the program returns is what becomes of the packet
    /// (`direct-action`).
    ///
    /// Filters with a lower priority run first; with 0 the kernel chooses one in front of those that are there.
    ///
    /// # Errors
    ///
    /// `ENODEV` when this network namespace has no such interface, `ENOENT` when the kernel has no `clsact` or no BPF filters.
    pub fn attach_tc_unpinned(
        &self,
        interface: impl AsInterface,
        direction: Direction,
        priority: u16,
    ) -> Result<TcFilter, Error> {
        self.attached(Step::Attach, |program| {
            traffic::attach(program, interface.interface(), direction, priority)
        })
    }
}

impl Program<kind::Netkit> {
    /// Attaches to the primary interface of a netkit pair (6.7): at itself or at its peer, as the section name says.
    ///
    /// # Errors
    ///
    /// `ENODEV` when this network namespace has no such interface, `EINVAL` when it is no primary netkit interface.
    pub fn attach_netkit(&self, interface: impl AsInterface, order: Order<'_>) -> Result<Link, Error> {
        self.linked(|program| network::netkit(program, interface.interface(), order))
    }
}

impl Program<kind::Cgroup> {
    /// Attaches to a cgroup of version 2 (5.7), by the path of its directory or a descriptor of it, behind the programs
    /// that are there.
    ///
    /// # Errors
    ///
    /// `ENOENT` when there is no such directory; `EBADF` when it is no cgroup of version 2.
    pub fn attach_cgroup(&self, cgroup: impl AsFile) -> Result<Link, Error> {
        self.attach_cgroup_at(cgroup, Order::any())
    }

    /// Attaches to a cgroup of version 2 at a place among the programs that are there (6.17).
    ///
    /// # Errors
    ///
    /// As those of [`attach_cgroup`](Self::attach_cgroup); `EINVAL` from older kernels; `ENOENT` when the other program or
    /// link of the order is not there.
    pub fn attach_cgroup_at(&self, cgroup: impl AsFile, order: Order<'_>) -> Result<Link, Error> {
        self.linked(|program| places::cgroup(program, program.plan.attach_type, cgroup.file(), order))
    }
}

impl Program<kind::CgroupSkb> {
    /// Attaches to a cgroup of version 2 (5.7), by the path of its directory or a descriptor of it.
    ///
    /// # Errors
    ///
    /// As those of [`attach_cgroup`](Program::<kind::Cgroup>::attach_cgroup) of other programs.
    pub fn attach_cgroup(&self, cgroup: impl AsFile, direction: Direction) -> Result<Link, Error> {
        // `BPF_CGROUP_INET_INGRESS` and `BPF_CGROUP_INET_EGRESS`.
        let attach_type = u32::from(direction == Direction::Egress);
        self.linked(|program| places::cgroup(program, attach_type, cgroup.file(), Order::any()))
    }
}

impl Program<kind::NetNamespace> {
    /// Attaches to a network namespace (5.8), by the path of its file, such as `/proc/self/ns/net`, or a descriptor of it.
    ///
    /// # Errors
    ///
    /// `ENOENT` when there is no such file, `EINVAL` when it is no network namespace; `EEXIST` or `E2BIG` when no more
    /// programs of the kind can be attached to it.
    pub fn attach_netns(&self, netns: impl AsFile) -> Result<Link, Error> {
        self.linked(|program| places::netns(program, netns.file()))
    }
}

impl Program<kind::Netfilter> {
    /// Attaches to a netfilter hook of the network namespace that the process is in (6.4).
    ///
    /// # Errors
    ///
    /// `EBUSY` when another program has the same priority; `EOPNOTSUPP` when the kernel cannot put fragments together.
    pub fn attach_netfilter(&self, at: Netfilter) -> Result<Link, Error> {
        self.linked(|program| places::netfilter(program, at))
    }
}

impl Program<kind::SockMap> {
    /// Attaches to a map of sockets (6.10).
    ///
    /// # Errors
    ///
    /// `EINVAL` from older kernels, and for a map of something else; `EBUSY` when another program is there.
    pub fn attach_sock_map(&self, map: &Map) -> Result<Link, Error> {
        self.linked(|program| places::sock_map(program, program.plan.attach_type, map))
    }

    /// The old way (4.14), for kernels before 6.10: without a link. It cannot be pinned; the program stays attached until the map
    /// is gone, or until [`detach_sock_map`](Self::detach_sock_map). A program that is there already is replaced.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a map of something else.
    pub fn attach_sock_map_unpinned(&self, map: &Map) -> Result<(), Error> {
        self.attached(Step::Attach, |program| {
            places::sock_map_unpinned(program, program.plan.attach_type, map)
        })
    }

    /// Takes back [`attach_sock_map_unpinned`](Self::attach_sock_map_unpinned).
    ///
    /// # Errors
    ///
    /// `ENOENT` when it is not attached there.
    pub fn detach_sock_map(&self, map: &Map) -> Result<(), Error> {
        self.attached(Step::Detach, |program| places::sock_map_detach(program, program.plan.attach_type, map))
    }
}

impl Program<kind::SkSkb> {
    /// Attaches to a hook of a map of sockets (6.10).
    ///
    /// # Errors
    ///
    /// `EINVAL` from older kernels, and for a map of something else; `EBUSY` when another program is there.
    pub fn attach_sock_map(&self, map: &Map, hook: SockMapHook) -> Result<Link, Error> {
        self.linked(|program| places::sock_map(program, hook as u32, map))
    }

    /// The old way (4.14), for kernels before 6.10: without a link. It cannot be pinned; the program stays attached until the map
    /// is gone, or until [`detach_sock_map`](Self::detach_sock_map). A program that is there already is replaced.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a map of something else.
    pub fn attach_sock_map_unpinned(&self, map: &Map, hook: SockMapHook) -> Result<(), Error> {
        self.attached(Step::Attach, |program| places::sock_map_unpinned(program, hook as u32, map))
    }

    /// Takes back [`attach_sock_map_unpinned`](Self::attach_sock_map_unpinned).
    ///
    /// # Errors
    ///
    /// `ENOENT` when it is not attached there.
    pub fn detach_sock_map(&self, map: &Map, hook: SockMapHook) -> Result<(), Error> {
        self.attached(Step::Detach, |program| places::sock_map_detach(program, hook as u32, map))
    }
}

impl Program<kind::Socket> {
    /// Filters what a socket receives (`SO_ATTACH_BPF`, 3.19). There is no link, and nothing to be pinned: the program goes with
    /// the socket, or with another one that is attached to it.
    ///
    /// # Errors
    ///
    /// `EBADF` or `ENOTSOCK` for what is no socket; `EPERM` when its filter is locked.
    pub fn attach_socket(&self, socket: &Fd) -> Result<(), Error> {
        self.attached(Step::Attach, |program| {
            unpinned::socket(Some(program), socket.raw(), SocketOption::Attach)
        })
    }

    /// Takes the filter of a socket away, whichever it is.
    ///
    /// # Errors
    ///
    /// `ENOENT` when it has none, `EPERM` when it is locked.
    pub fn detach_socket(&self, socket: &Fd) -> Result<(), Error> {
        self.attached(Step::Detach, |_| unpinned::socket(None, socket.raw(), SocketOption::Detach))
    }
}

impl Program<kind::Reuseport> {
    /// Chooses among the sockets of a group, one of which is given (`SO_ATTACH_REUSEPORT_EBPF`, 4.19). There is no link, and
    /// nothing to be pinned: the program goes with the group.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a socket without `SO_REUSEPORT`.
    pub fn attach_reuseport(&self, socket: &Fd) -> Result<(), Error> {
        self.attached(Step::Attach, |program| {
            unpinned::socket(Some(program), socket.raw(), SocketOption::AttachReuseport)
        })
    }

    /// Takes the program of a group of sockets away, whichever it is (5.3).
    ///
    /// # Errors
    ///
    /// `ENOENT` when it has none.
    pub fn detach_reuseport(&self, socket: &Fd) -> Result<(), Error> {
        self.attached(Step::Detach, |_| unpinned::socket(None, socket.raw(), SocketOption::DetachReuseport))
    }
}

impl Program<kind::PerfEvent> {
    /// Is called by a perf event, which it opens (link: 5.15). The link keeps the event; each CPU takes an event and a link of its
    /// own.
    ///
    /// # Errors
    ///
    /// `ENOENT` or `EOPNOTSUPP` when the machine has no such event, `EINVAL` when it has no such CPU, or from older kernels.
    pub fn attach_perf_event(&self, event: PerfEvent) -> Result<Link, Error> {
        let cookie = self.choices().cookie;
        self.linked(|program| perf::sampled(program.fd, event, cookie))
    }

    /// Is called by a perf event that the caller has opened, and that samples (link: 5.15).
    ///
    /// # Errors
    ///
    /// `EINVAL` for what is no perf event, and from older kernels; `EEXIST` when the event has a program.
    pub fn attach_perf_event_fd(&self, event: &Fd) -> Result<Link, Error> {
        let cookie = self.choices().cookie;
        self.linked(|program| perf::link(program.fd, event, cookie))
    }
}

impl Program<kind::Lirc> {
    /// Decodes what an infrared receiver in raw mode sees, by the path of its device or a descriptor of it (4.18). There is no
    /// link, and nothing to be pinned: the program stays until the device goes, or until
    /// [`detach_lirc`](Self::detach_lirc).
    ///
    /// # Errors
    ///
    /// `ENOENT` when there is no such device, `EINVAL` when it is no receiver in raw mode.
    pub fn attach_lirc(&self, device: impl AsFile) -> Result<(), Error> {
        self.attached(Step::Attach, |program| unpinned::lirc(program, device.file(), true))
    }

    /// Takes back [`attach_lirc`](Self::attach_lirc).
    ///
    /// # Errors
    ///
    /// `ENOENT` when it is not attached there.
    pub fn detach_lirc(&self, device: impl AsFile) -> Result<(), Error> {
        self.attached(Step::Detach, |program| unpinned::lirc(program, device.file(), false))
    }
}

impl Program<kind::Run> {
    /// Runs the program once (5.14), with a context that it may change, of up to 65535 bytes. What it returns.
    ///
    /// # Errors
    ///
    /// Whatever the kernel returns.
    pub fn run(&self, context: &mut [u8]) -> Result<u32, Error> {
        self.attached(Step::Run, |program| {
            sys::run(program.fd, context).map_err(|errno| Error::system(Step::Run, Call::ProgRun, errno))
        })
    }
}
