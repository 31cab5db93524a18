//! bpf(2) for links with a target: making, updating, detaching them, and what the kernel says of them.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use super::abi::info::{self, Info};
use super::abi::{self};
use super::bpf::{address_mut, bpf};
use super::{Errno, Fd, Memory};

/// Where a program goes among the others of its hook, and which state of the hook is meant.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place {
    /// `BPF_F_BEFORE`, `BPF_F_AFTER`, `BPF_F_ID`, `BPF_F_LINK`.
    pub(crate) flags: u32,
    /// A descriptor, or an id with `BPF_F_ID`.
    pub(crate) relative: u32,
    /// 0 for any.
    pub(crate) revision: u64,
}

/// A link whose target is one number: an interface, or the descriptor of a cgroup, a namespace or a map (5.7 and later, by
/// kind).
pub(crate) fn create(program: &Fd, target: u32, attach_type: u32, flags: u32) -> Result<Fd, Errno> {
    let mut attr = abi::LinkCreate { prog_fd: program.raw() as u32, target_fd: target, attach_type, flags };
    // SAFETY: no field is an address.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// The same where programs have an order: tcx (6.6), netkit (6.7), cgroups (6.17).
pub(crate) fn create_at(program: &Fd, target: u32, attach_type: u32, place: Place) -> Result<Fd, Errno> {
    let mut attr = abi::LinkCreateOrdered {
        prog_fd: program.raw() as u32,
        target_fd: target,
        attach_type,
        flags: place.flags,
        relative: place.relative,
        reserved: 0,
        expected_revision: place.revision,
    };
    // SAFETY: no field is an address.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// What an iterator goes through.
pub(crate) enum Iterate<'a> {
    /// The elements of a map (5.9).
    Map(&'a Fd),
    /// Cgroups (6.1), from one on or from the root.
    Cgroup(Option<&'a Fd>, u32),
    /// A thread (6.1).
    Thread(u32),
    /// The threads of a process (6.1).
    Process(u32),
    /// The same, by a pidfd.
    ProcessFd(&'a Fd),
}

/// An iterator that is told what it goes through.
pub(crate) fn create_iterator(program: &Fd, attach_type: u32, iterate: &Iterate<'_>) -> Result<Fd, Errno> {
    let tasks = info::IterateTask::default();
    match *iterate {
        Iterate::Map(map) => iterator_of(program, attach_type, info::IterateMap { map_fd: map.raw() as u32 }),
        Iterate::Cgroup(cgroup, order) => {
            // No descriptor and no id is the root of the process's namespace.
            let cgroup_fd = cgroup.map_or(0, |cgroup| cgroup.raw() as u32);
            iterator_of(program, attach_type, info::IterateCgroup { order, cgroup_fd, cgroup_id: 0 })
        }
        Iterate::Thread(tid) => iterator_of(program, attach_type, info::IterateTask { tid, ..tasks }),
        Iterate::Process(pid) => iterator_of(program, attach_type, info::IterateTask { pid, ..tasks }),
        Iterate::ProcessFd(process) => {
            let pid_fd = process.raw() as u32;
            iterator_of(program, attach_type, info::IterateTask { pid_fd, ..tasks })
        }
    }
}

/// `I` is laid out as `union bpf_iter_link_info` is for the iterator.
fn iterator_of<I: Info>(program: &Fd, attach_type: u32, mut told: I) -> Result<Fd, Errno> {
    let mut attr = abi::LinkCreateIterator {
        prog_fd: program.raw() as u32,
        attach_type,
        iter_info: address_mut(&mut told),
        iter_info_len: size_of::<I>() as u32,
        ..Default::default()
    };
    // SAFETY: the kernel reads `iter_info_len` bytes at `iter_info`; there are descriptors and numbers, no addresses.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// A netfilter hook of this network namespace (6.4).
pub(crate) fn create_netfilter(
    program: &Fd,
    attach_type: u32,
    (pf, hooknum): (u32, u32),
    priority: i32,
    netfilter_flags: u32,
) -> Result<Fd, Errno> {
    let mut attr = abi::LinkCreateNetfilter {
        prog_fd: program.raw() as u32,
        target_fd: 0,
        attach_type,
        flags: 0,
        pf,
        hooknum,
        priority,
        netfilter_flags,
    };
    // SAFETY: no field is an address.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Puts another program behind a link (5.7), or another map of operations (6.4), if the one that is expected is there.
pub(crate) fn update(link: &Fd, new: &Fd, expected: Option<&Fd>) -> Result<(), Errno> {
    /// `BPF_F_REPLACE`.
    const F_REPLACE: u32 = 4;
    let mut attr = abi::LinkUpdate {
        link_fd: link.raw() as u32,
        new_prog_fd: new.raw() as u32,
        flags: if expected.is_some() { F_REPLACE } else { 0 },
        old_prog_fd: expected.map_or(0, |old| old.raw() as u32),
    };
    // SAFETY: no field is an address.
    unsafe { bpf(&mut attr) }.map(drop)
}

/// Whether a descriptor is that of a link. A link refuses to take no program (`EBADF`); anything else is refused
/// before the program is looked at.
pub(crate) fn is_link(fd: &Fd) -> bool {
    let mut attr = abi::LinkUpdate { link_fd: fd.raw() as u32, new_prog_fd: u32::MAX, ..Default::default() };
    // SAFETY: no field is an address.
    let result = unsafe { bpf(&mut attr) };
    result == Err(Errno::EBADF)
}

/// Detaches what a link holds, however many others have the link (5.9).
pub(crate) fn detach(link: &Fd) -> Result<(), Errno> {
    let mut attr = abi::LinkDetach { link_fd: link.raw() as u32 };
    // SAFETY: no field is an address.
    unsafe { bpf(&mut attr) }.map(drop)
}

/// A program by its id (4.13); `ENOENT` when there is none.
pub(crate) fn program_by_id(prog_id: u32) -> Result<Fd, Errno> {
    let mut attr = abi::ProgGetFdById { prog_id, ..Default::default() };
    // SAFETY: no field is an address.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Attaches without a link: sockmaps, LIRC devices (4.10 and later, by kind).
pub(crate) fn prog_attach(program: &Fd, target: &Fd, attach_type: u32) -> Result<(), Errno> {
    let mut attr = abi::ProgAttach {
        target_fd: target.raw() as u32,
        attach_bpf_fd: program.raw() as u32,
        attach_type,
        ..Default::default()
    };
    // SAFETY: no field is an address.
    unsafe { bpf(&mut attr) }.map(drop)
}

/// The reverse.
pub(crate) fn prog_detach(program: &Fd, target: &Fd, attach_type: u32) -> Result<(), Errno> {
    let mut attr =
        abi::ProgDetach { target_fd: target.raw() as u32, attach_bpf_fd: program.raw() as u32, attach_type };
    // SAFETY: no field is an address.
    unsafe { bpf(&mut attr) }.map(drop)
}

/// Runs a program of type `syscall` with a context, which it may change (5.14).
pub(crate) fn run(program: &Fd, context: &mut [u8]) -> Result<u32, Errno> {
    let mut attr = abi::ProgTestRun {
        prog_fd: program.raw() as u32,
        ctx_size_in: u32::try_from(context.len()).map_err(|_| Errno::E2BIG)?,
        ctx_in: if context.is_empty() { 0 } else { address_mut(context) },
        ..Default::default()
    };
    // SAFETY: the kernel reads and writes the context, for its length.
    unsafe { bpf(&mut attr) }?;
    Ok(attr.retval)
}

/// The number that changes with every change at an interface's hook (6.6).
pub(crate) fn revision(ifindex: u32, attach_type: u32) -> Result<u64, Errno> {
    let mut attr = abi::ProgQuery { target_fd: ifindex, attach_type, ..Default::default() };
    // SAFETY: no field is an address: without them the kernel counts programs and lists none.
    unsafe { bpf(&mut attr) }?;
    Ok(attr.revision)
}

/// What the kernel tells of a descriptor, laid out as `I`; what it does not know of is zero.
fn get<I: Info>(object: &Fd, mut info: I) -> Result<I, Errno> {
    let mut attr = abi::ObjGetInfoByFd {
        bpf_fd: object.raw() as u32,
        info_len: size_of::<I>() as u32,
        info: address_mut(&mut info),
    };
    // SAFETY: the kernel writes no more than `info_len` bytes to `info`, where any bytes are valid; the addresses in it are
    // zero or those of `text`, with its length.
    unsafe { bpf(&mut attr) }?;
    Ok(info)
}

/// A name, in memory of its own; the kernel's strings have no upper limit of use.
pub(crate) struct Name {
    memory: Memory,
    len: usize,
}

impl Name {
    fn new(memory: Memory) -> Self {
        let bytes = memory.bytes();
        let len = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        Self { memory, len }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.memory.bytes().get(..self.len).unwrap_or_default()
    }
}

/// Asks again with room for the name that the first answer has announced.
macro_rules! named {
    ($link:expr, $ty:ident, $name:ident, $len:ident, $info:ident => $result:expr) => {{
        let first = get($link, info::$ty::default())?;
        let mut text = match first.$len {
            0 => None,
            len => Some(Memory::zeroed(len as usize + 1)?),
        };
        let $info = match &mut text {
            Some(text) => {
                let bytes = text.bytes_mut();
                let ask =
                    info::$ty { $name: address_mut(bytes), $len: bytes.len() as u32, ..Default::default() };
                get($link, ask)?
            }
            None => first,
        };
        ($result)(text.map(Name::new))
    }};
}

/// What every link has.
pub(crate) struct Head {
    pub(crate) link_type: u32,
    pub(crate) id: u32,
    pub(crate) program_id: u32,
}

/// What a link is attached to, in the kernel's numbers.
pub(crate) enum Target {
    RawTracepoint { name: Option<Name>, cookie: u64 },
    Tracing { attach_type: u32, object: u32, btf: u32, cookie: u64 },
    Cgroup { id: u64, attach_type: u32 },
    Iterator { name: Option<Name>, map: u32, cgroup: u64, order: u32, tid: u32, pid: u32 },
    Netns { inode: u32, attach_type: u32 },
    Xdp { ifindex: u32 },
    StructOps { map: u32 },
    Netfilter { family: u32, hook: u32, priority: i32, flags: u32 },
    KprobeMulti { count: u32, flags: u32, missed: u64 },
    TracingMulti { attach_type: u32, count: u32 },
    UprobeMulti { path: Option<Name>, count: u32, flags: u32, pid: u32 },
    Kprobe { name: Option<Name>, offset: u32, address: u64, missed: u64, cookie: u64, returns: bool },
    Uprobe { path: Option<Name>, offset: u32, cookie: u64, returns: bool },
    Tracepoint { name: Option<Name>, cookie: u64 },
    Event { kind: u32, config: u64, cookie: u64 },
    Tcx { ifindex: u32, attach_type: u32 },
    Netkit { ifindex: u32, attach_type: u32 },
    Sockmap { map: u32, attach_type: u32 },
    Other,
}

/// The properties of a link (5.8).
pub(crate) fn head(link: &Fd) -> Result<Head, Errno> {
    let info::Link { link_type, id, prog_id, .. } = get(link, info::Link::default())?;
    Ok(Head { link_type, id, program_id: prog_id })
}

/// What a link of this type is attached to.
pub(crate) fn target(link: &Fd, link_type: u32) -> Result<Target, Errno> {
    Ok(match link_type {
        info::LINK_TYPE_RAW_TRACEPOINT => named!(link, RawTracepoint, name, name_len, info => |name| {
            Target::RawTracepoint { name, cookie: info.cookie }
        }),
        info::LINK_TYPE_TRACING => {
            let info::Tracing { attach_type, target_obj_id, target_btf_id, cookie, .. } =
                get(link, info::Tracing::default())?;
            Target::Tracing { attach_type, object: target_obj_id, btf: target_btf_id, cookie }
        }
        info::LINK_TYPE_CGROUP => {
            let info::Cgroup { cgroup_id, attach_type, .. } = get(link, info::Cgroup::default())?;
            Target::Cgroup { id: cgroup_id, attach_type }
        }
        info::LINK_TYPE_ITER => iterator(link)?,
        info::LINK_TYPE_NETNS => {
            let info::Netns { inode, attach_type, .. } = get(link, info::Netns::default())?;
            Target::Netns { inode, attach_type }
        }
        info::LINK_TYPE_XDP => Target::Xdp { ifindex: get(link, info::Xdp::default())?.ifindex },
        info::LINK_TYPE_STRUCT_OPS => {
            Target::StructOps { map: get(link, info::StructOps::default())?.map_id }
        }
        info::LINK_TYPE_NETFILTER => {
            let info::Netfilter { pf, hooknum, priority, flags, .. } = get(link, info::Netfilter::default())?;
            Target::Netfilter { family: pf, hook: hooknum, priority, flags }
        }
        info::LINK_TYPE_KPROBE_MULTI => {
            let info::KprobeMulti { count, flags, missed, .. } = get(link, info::KprobeMulti::default())?;
            Target::KprobeMulti { count, flags, missed }
        }
        info::LINK_TYPE_TRACING_MULTI => {
            let info::TracingMulti { attach_type, count, .. } = get(link, info::TracingMulti::default())?;
            Target::TracingMulti { attach_type, count }
        }
        info::LINK_TYPE_UPROBE_MULTI => uprobe_multi(link)?,
        info::LINK_TYPE_PERF_EVENT => perf_event(link)?,
        info::LINK_TYPE_TCX => {
            let info::Tcx { ifindex, attach_type, .. } = get(link, info::Tcx::default())?;
            Target::Tcx { ifindex, attach_type }
        }
        // Laid out as that of tcx.
        info::LINK_TYPE_NETKIT => {
            let info::Tcx { ifindex, attach_type, .. } = get(link, info::Tcx::default())?;
            Target::Netkit { ifindex, attach_type }
        }
        info::LINK_TYPE_SOCKMAP => {
            let info::Sockmap { map_id, attach_type, .. } = get(link, info::Sockmap::default())?;
            Target::Sockmap { map: map_id, attach_type }
        }
        _ => Target::Other,
    })
}

/// What follows the map is of cgroups or of tasks, as the name says.
fn iterator(link: &Fd) -> Result<Target, Errno> {
    let info::TaskIterator { tid, pid, .. } = get(link, info::TaskIterator::default())?;
    Ok(named!(link, Iterator, name, name_len, info => |name: Option<Name>| {
        let info::Iterator { map_id: map, cgroup_id: cgroup, order, .. } = info;
        let (cgroup, order, tid, pid) = match name.as_ref().map(Name::bytes) {
            Some(b"cgroup") => (cgroup, order, 0, 0),
            Some([b't', b'a', b's', b'k', ..]) => (0, 0, tid, pid),
            _ => (0, 0, 0, 0),
        };
        Target::Iterator { name, map, cgroup, order, tid, pid }
    }))
}

/// The length of the path is not announced: there is room for the longest.
fn uprobe_multi(link: &Fd) -> Result<Target, Errno> {
    const PATH_MAX: usize = 4096;
    let mut text = Memory::zeroed(PATH_MAX)?;
    let path = address_mut(text.bytes_mut());
    let ask = info::UprobeMulti { path, path_size: PATH_MAX as u32, ..Default::default() };
    let info::UprobeMulti { count, flags, pid, .. } = get(link, ask)?;
    Ok(Target::UprobeMulti { path: Some(Name::new(text)), count, flags, pid })
}

fn perf_event(link: &Fd) -> Result<Target, Errno> {
    Ok(match get(link, info::PerfEvent::default())?.event_type {
        kind @ (info::PERF_EVENT_KPROBE | info::PERF_EVENT_KRETPROBE) => {
            named!(link, Kprobe, name, name_len, info => |name| {
                let info::Kprobe { offset, address, missed, cookie, .. } = info;
                Target::Kprobe { name, offset, address, missed, cookie, returns: kind == info::PERF_EVENT_KRETPROBE }
            })
        }
        kind @ (info::PERF_EVENT_UPROBE | info::PERF_EVENT_URETPROBE) => {
            named!(link, Uprobe, name, name_len, info => |path| {
                let info::Uprobe { offset, cookie, .. } = info;
                Target::Uprobe { path, offset, cookie, returns: kind == info::PERF_EVENT_URETPROBE }
            })
        }
        info::PERF_EVENT_TRACEPOINT => named!(link, Tracepoint, name, name_len, info => |name| {
            Target::Tracepoint { name, cookie: info.cookie }
        }),
        info::PERF_EVENT_EVENT => {
            let info::Event { config, kind, cookie, .. } = get(link, info::Event::default())?;
            Target::Event { kind, config, cookie }
        }
        // Kernels before 6.6 do not say.
        _ => Target::Other,
    })
}

/// What the kernel tells of a program.
pub(crate) struct ProgramInfo {
    pub(crate) id: u32,
    pub(crate) program_type: u32,
    pub(crate) tag: [u8; 8],
    pub(crate) name: [u8; 16],
    pub(crate) load_time: u64,
    pub(crate) user: u32,
    pub(crate) maps: u32,
    pub(crate) btf: u32,
    pub(crate) run_time: u64,
    pub(crate) run_count: u64,
    pub(crate) verified: u32,
}

/// The properties of a program (4.13; later ones are 0 before).
pub(crate) fn program_info(program: &Fd) -> Result<ProgramInfo, Errno> {
    let info = get(program, info::Program::default())?;
    Ok(ProgramInfo {
        id: info.id,
        program_type: info.program_type,
        tag: info.tag,
        name: info.name,
        load_time: info.load_time,
        user: info.created_by_uid,
        maps: info.nr_map_ids,
        btf: info.btf_id,
        run_time: info.run_time_ns,
        run_count: info.run_cnt,
        verified: info.verified_insns,
    })
}
