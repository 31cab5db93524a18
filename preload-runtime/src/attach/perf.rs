//! Perf events that call a program.

use crate::error::{Call, Error, Step};
use crate::sys::{Errno, Fd, bpf, perf};

/// Opens an event.
pub(super) fn open(event: &perf::Event<'_>) -> Result<Fd, Error> {
    perf::open(event).map_err(|errno| Error::system(Step::Attach, Call::PerfEventOpen, errno))
}

/// Puts a program behind an event; the link keeps the event.
pub(super) fn link(program: &Fd, event: &Fd, cookie: u64) -> Result<Fd, Error> {
    bpf::link_create_perf_event(program, event, cookie).map_err(|errno| {
        let hint = match errno {
            Errno::EINVAL | Errno::E2BIG => Some(
                "Linux before 5.15 has no links of perf events, which is what tracepoints, kprobes and uprobes attach to",
            ),
            _ => None,
        };
        Error::system(Step::Attach, Call::LinkCreate, errno).with_hint(hint)
    })
}

/// The number of a PMU: the type of its events.
pub(super) fn pmu(path: &core::ffi::CStr) -> Result<u32, Error> {
    perf::read_number(path).map_err(|errno| {
        let hint = (errno == Errno::ENOENT).then_some(
            "this kernel has no such probes: build it with CONFIG_KPROBE_EVENTS and CONFIG_UPROBE_EVENTS, or mount sysfs",
        );
        Error::system(Step::Attach, Call::Open, errno).with_hint(hint)
    })
}
