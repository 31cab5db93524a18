//! perf_event_open(2), as far as programs are put behind events.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use core::ffi::CStr;

use super::raw::{Call, syscall};
use super::{Errno, Fd, file, number};

/// `PERF_TYPE_TRACEPOINT`: the configuration is the number that tracefs gives it.
pub(crate) const TRACEPOINT: u32 = 2;
const PERF_FLAG_FD_CLOEXEC: usize = 8;
/// `PERF_ATTR_SIZE_VER1`: up to `config2`.
const SIZE: usize = 72;

/// `struct perf_event_attr`, its first 72 bytes.
#[derive(Default)]
#[repr(C)]
struct Attr {
    event_type: u32,
    size: u32,
    config: u64,
    sample_period: u64,
    sample_type: u64,
    read_format: u64,
    flags: u64,
    wakeup_events: u32,
    bp_type: u32,
    /// `kprobe_func`, `uprobe_path`.
    config1: u64,
    /// `probe_offset`.
    config2: u64,
}

const _: () = assert!(size_of::<Attr>() == SIZE, "padding in a perf_event_attr");

/// An event: what is counted, wherever it happens.
#[derive(Default)]
pub(crate) struct Event<'a> {
    /// A `PERF_TYPE_*`, or the number of a PMU.
    pub(crate) event_type: u32,
    pub(crate) config: u64,
    /// The function of a kprobe, the file of a uprobe.
    pub(crate) name: Option<&'a CStr>,
    /// Bytes from there.
    pub(crate) offset: u64,
}

/// Opens an event of all processes. One processor stands for all: the program is called by what the event belongs to, not by the
/// event.
pub(crate) fn open(event: &Event<'_>) -> Result<Fd, Errno> {
    const ALL: usize = -1_isize as usize;
    const FIRST: usize = 0;
    const NO_GROUP: usize = ALL;
    let attr = Attr {
        event_type: event.event_type,
        size: SIZE as u32,
        config: event.config,
        config1: event.name.map_or(0, |name| name.as_ptr() as usize as u64),
        config2: event.offset,
        ..Attr::default()
    };
    let args = [core::ptr::from_ref(&attr) as usize, ALL, FIRST, NO_GROUP, PERF_FLAG_FD_CLOEXEC];
    // SAFETY: the struct has the size that it says, and its string ends with a NUL.
    Fd::new(unsafe { syscall(Call::PerfEventOpen, args) }?)
}

/// The number that a file holds.
pub(crate) fn read_number(path: &CStr) -> Result<u32, Errno> {
    number::read(&file::open(path)?)
}

/// What a perf event counts, whose, and how often its program is called.
pub(crate) struct Sampled {
    pub(crate) event_type: u32,
    pub(crate) config: u64,
    /// Events between two calls, or calls in a second.
    pub(crate) sample: u64,
    pub(crate) is_frequency: bool,
    /// -1 for all.
    pub(crate) process: i32,
    /// -1 for all.
    pub(crate) processor: i32,
}

/// Opens an event that calls its program.
pub(crate) fn open_sampled(event: &Sampled) -> Result<Fd, Errno> {
    const NO_GROUP: usize = -1_isize as usize;
    /// The bit `freq`.
    const FREQUENCY: u64 = 1 << 10;
    let attr = Attr {
        event_type: event.event_type,
        size: SIZE as u32,
        config: event.config,
        sample_period: event.sample,
        flags: if event.is_frequency { FREQUENCY } else { 0 },
        ..Attr::default()
    };
    let (process, processor) = (event.process as isize as usize, event.processor as isize as usize);
    let args = [core::ptr::from_ref(&attr) as usize, process, processor, NO_GROUP, PERF_FLAG_FD_CLOEXEC];
    // SAFETY: the struct has the size that it says, and no addresses in it.
    Fd::new(unsafe { syscall(Call::PerfEventOpen, args) }?)
}

/// Puts a program behind an event (4.1 and later, by kind), and lets the event happen.
pub(crate) fn set_program(event: &Fd, program: &Fd) -> Result<(), Errno> {
    const PERF_EVENT_IOC_SET_BPF: usize = 0x4004_2408;
    const PERF_EVENT_IOC_ENABLE: usize = 0x2400;
    let fd = event.raw() as usize;
    // SAFETY: the argument is a descriptor.
    unsafe { syscall(Call::Ioctl, [fd, PERF_EVENT_IOC_SET_BPF, program.raw() as usize, 0, 0]) }?;
    // SAFETY: there is no argument.
    unsafe { syscall(Call::Ioctl, [fd, PERF_EVENT_IOC_ENABLE, 0, 0, 0]) }.map(drop)
}
