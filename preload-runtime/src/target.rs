//! What programs are attached to: interfaces, places among other programs, hooks, files.
//!
//! These are the arguments of the `attach_..` methods of a [`Program`]. The attribute's settings say the
//! same in words.

use crate::handles::{Link, Program};
use crate::path::AsPath;
use crate::sys::Fd;

/// A network interface of the network namespace that the process is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interface<'a> {
    /// By its name, as in `ip link`.
    Name(&'a str),
    /// By its index.
    Index(u32),
}

/// What can name an interface: a name as `&str` (with `std` also `String`), or an index as `u32`.
pub trait AsInterface {
    /// The interface.
    fn interface(&self) -> Interface<'_>;
}

impl AsInterface for Interface<'_> {
    fn interface(&self) -> Interface<'_> {
        *self
    }
}

impl AsInterface for str {
    fn interface(&self) -> Interface<'_> {
        Interface::Name(self)
    }
}

impl AsInterface for u32 {
    fn interface(&self) -> Interface<'_> {
        Interface::Index(*self)
    }
}

impl<T: AsInterface + ?Sized> AsInterface for &T {
    fn interface(&self) -> Interface<'_> {
        (**self).interface()
    }
}

#[cfg(feature = "std")]
impl AsInterface for String {
    fn interface(&self) -> Interface<'_> {
        Interface::Name(self)
    }
}

/// Something with a file of its own: a cgroup, a network namespace, a device.
#[derive(Clone, Copy, Debug)]
pub enum File<'a> {
    /// A path.
    Path(&'a [u8]),
    /// A descriptor, which stays the caller's.
    Fd(&'a Fd),
}

/// What can name a [`File`]: a path, or a descriptor as [`Fd`].
pub trait AsFile {
    /// The file.
    fn file(&self) -> File<'_>;
}

impl<T: AsPath + ?Sized> AsFile for T {
    fn file(&self) -> File<'_> {
        File::Path(self.path_bytes())
    }
}

impl AsFile for Fd {
    fn file(&self) -> File<'_> {
        File::Fd(self)
    }
}

impl AsFile for &Fd {
    fn file(&self) -> File<'_> {
        File::Fd(self)
    }
}

/// Where an XDP program runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum XdpMode {
    /// In the driver where it can, else generic.
    #[default]
    Any,
    /// In the kernel's network stack, behind the driver: on every interface, and slower.
    Generic,
    /// In the driver.
    Native,
    /// On the network card.
    Offload,
}

impl XdpMode {
    /// `XDP_FLAGS_*_MODE`.
    pub(crate) fn flags(self) -> u32 {
        match self {
            Self::Any => 0,
            Self::Generic => 1 << 1,
            Self::Native => 1 << 2,
            Self::Offload => 1 << 3,
        }
    }
}

/// Which way packets go, seen from the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// They come in.
    Ingress,
    /// They go out.
    Egress,
}

/// Where a program goes among the others of the same hook.
///
/// Programs of a hook run one after the other; what an earlier one decides, a later one may not see.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    pub(crate) position: Position<'a>,
    pub(crate) revision: u64,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Position<'a> {
    Any,
    First,
    Last,
    Beside(Side, Neighbour<'a>),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Side {
    Before,
    After,
}

/// Another program of the hook, or its link.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Neighbour<'a> {
    Link(&'a Link),
    LinkId(u32),
    Program(&'a Program),
    ProgramId(u32),
}

impl Default for Order<'_> {
    fn default() -> Self {
        Self::any()
    }
}

impl<'a> Order<'a> {
    const fn at(position: Position<'a>) -> Self {
        Self { position, revision: 0 }
    }

    /// Wherever the kernel puts it: behind all others.
    pub const fn any() -> Self {
        Self::at(Position::Any)
    }

    /// In front of all others.
    pub const fn first() -> Self {
        Self::at(Position::First)
    }

    /// Behind all others.
    pub const fn last() -> Self {
        Self::at(Position::Last)
    }

    /// Right in front of another link.
    pub const fn before_link(link: &'a Link) -> Self {
        Self::at(Position::Beside(Side::Before, Neighbour::Link(link)))
    }

    /// Right behind another link.
    pub const fn after_link(link: &'a Link) -> Self {
        Self::at(Position::Beside(Side::After, Neighbour::Link(link)))
    }

    /// Right in front of the link of this id.
    pub const fn before_link_id(id: u32) -> Self {
        Self::at(Position::Beside(Side::Before, Neighbour::LinkId(id)))
    }

    /// Right behind the link of this id.
    pub const fn after_link_id(id: u32) -> Self {
        Self::at(Position::Beside(Side::After, Neighbour::LinkId(id)))
    }

    /// Right in front of another program, attached without a link.
    pub const fn before_program(program: &'a Program) -> Self {
        Self::at(Position::Beside(Side::Before, Neighbour::Program(program)))
    }

    /// Right behind another program, attached without a link.
    pub const fn after_program(program: &'a Program) -> Self {
        Self::at(Position::Beside(Side::After, Neighbour::Program(program)))
    }

    /// Right in front of the program of this id.
    pub const fn before_program_id(id: u32) -> Self {
        Self::at(Position::Beside(Side::Before, Neighbour::ProgramId(id)))
    }

    /// Right behind the program of this id.
    pub const fn after_program_id(id: u32) -> Self {
        Self::at(Position::Beside(Side::After, Neighbour::ProgramId(id)))
    }

    /// Only if nothing has changed at the hook since it had this [revision](crate::tcx_revision); else the kernel refuses
    /// with `ESTALE`.
    #[must_use]
    pub const fn if_revision(mut self, revision: u64) -> Self {
        self.revision = revision;
        self
    }
}

/// A netfilter hook, and what comes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Netfilter {
    /// Which packets.
    pub family: Family,
    /// Where on their way.
    pub hook: Hook,
    /// Programs and tables with lower numbers run first. No two programs of a hook can have the same one.
    pub priority: i32,
    /// Whether fragments are put together first (6.6). The priority must be above -400 then, which is where that is done.
    pub defragment: bool,
}

impl Netfilter {
    /// Priority 0, fragments as they are.
    pub const fn new(family: Family, hook: Hook) -> Self {
        Self { family, hook, priority: 0, defragment: false }
    }

    /// The same with another priority.
    #[must_use]
    pub const fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    /// The same with fragments put together first (6.6).
    #[must_use]
    pub const fn defragment(mut self) -> Self {
        self.defragment = true;
        self
    }
}

/// A family of packets (`NFPROTO_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// IPv4.
    Ipv4 = 2,
    /// IPv6.
    Ipv6 = 10,
}

/// A place on the way of a packet (`NF_INET_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// Come in, before it is decided where it goes.
    PreRouting = 0,
    /// For this machine.
    LocalIn = 1,
    /// For another machine.
    Forward = 2,
    /// From this machine.
    LocalOut = 3,
    /// About to go out.
    PostRouting = 4,
}

/// What a program does at a map of sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SockMapHook {
    /// Finds where a message ends.
    StreamParser = 4,
    /// Decides where a message goes, which the parser has found.
    StreamVerdict = 5,
    /// Decides where what has come goes, without a parser (5.13).
    Verdict = 38,
}

/// A perf event that calls a program (`perf_event_open(2)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerfEvent {
    pub(crate) event_type: u32,
    pub(crate) config: u64,
    pub(crate) sample: u64,
    pub(crate) is_frequency: bool,
    pub(crate) process: Option<u32>,
    pub(crate) cpu: Option<u32>,
}

impl PerfEvent {
    /// An event by its numbers (`PERF_TYPE_*`, and the event in that type) on one CPU, which calls the program once in so many
    /// events.
    pub const fn new(event_type: u32, config: u64, cpu: u32, period: u64) -> Self {
        Self { event_type, config, sample: period, is_frequency: false, process: None, cpu: Some(cpu) }
    }

    /// The clock of one CPU, which calls the program so many times in a second of work.
    pub const fn cpu_clock(cpu: u32, frequency: u64) -> Self {
        /// `PERF_TYPE_SOFTWARE`; `PERF_COUNT_SW_CPU_CLOCK` is 0.
        const SOFTWARE: u32 = 1;
        Self {
            event_type: SOFTWARE,
            config: 0,
            sample: frequency,
            is_frequency: true,
            process: None,
            cpu: Some(cpu),
        }
    }

    /// The same, with so many calls in a second.
    #[must_use]
    pub const fn frequency(mut self, frequency: u64) -> Self {
        self.sample = frequency;
        self.is_frequency = true;
        self
    }

    /// The same for one process only, on whichever CPU it runs.
    #[must_use]
    pub const fn of_process(mut self, process: u32) -> Self {
        self.process = Some(process);
        self.cpu = None;
        self
    }
}

/// Which cgroups an iterator goes through, and in which order (`enum bpf_cgroup_iter_order`, 6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CgroupOrder {
    /// The one that is given, alone.
    SelfOnly = 1,
    /// It and all below, each in front of those below it.
    DescendantsPre = 2,
    /// It and all below, each behind those below it.
    DescendantsPost = 3,
    /// It and all above, up to the root.
    AncestorsUp = 4,
    /// Those right below it (not in 6.18, in 7.3).
    Children = 5,
}

/// Which tasks an iterator goes through (6.1), as numbered in the process's own PID namespace.
#[derive(Clone, Copy, Debug)]
pub enum Tasks<'a> {
    /// One thread.
    Thread(u32),
    /// The threads of one process.
    Process(u32),
    /// The same, by a descriptor (`pidfd_open(2)`), which stays the caller's and is needed no longer than the call.
    ProcessFd(&'a Fd),
}
