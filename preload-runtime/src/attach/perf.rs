//! Perf events that call a program.

use crate::error::{Call, Error, Step};
use crate::sys::{Errno, Fd, bpf, perf};
use crate::target::PerfEvent;

/// Opens an event.
pub(super) fn open(event: &perf::Event<'_>) -> Result<Fd, Error> {
    perf::open(event).map_err(|errno| Error::system(Step::Attach, Call::PerfEventOpen, errno))
}

/// Puts a program behind an event; the link keeps the event.
pub(crate) fn link(program: &Fd, event: &Fd, cookie: u64) -> Result<Fd, Error> {
    bpf::link_create_perf_event(program, event, cookie).map_err(|errno| {
        let hint = match errno {
            Errno::EINVAL | Errno::E2BIG => Some(
                "Linux before 5.15 has no links of perf events, which is what tracepoints, kprobes and uprobes attach to; \
                 `attach_unpinned` is the old way, which cannot be pinned",
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

/// Opens an event that samples, and puts a program behind it.
pub(crate) fn sampled(program: &Fd, event: PerfEvent, cookie: u64) -> Result<Fd, Error> {
    link(program, &sampling(event)?, cookie)
}

/// Opens an event that samples.
pub(super) fn sampling(event: PerfEvent) -> Result<Fd, Error> {
    let number = |number: Option<u32>| number.map_or(-1, |number| i32::try_from(number).unwrap_or(i32::MAX));
    let sampled = perf::Sampled {
        event_type: event.event_type,
        config: event.config,
        sample: event.sample,
        is_frequency: event.is_frequency,
        process: number(event.process),
        processor: number(event.cpu),
    };
    perf::open_sampled(&sampled).map_err(|errno| {
        let hint = match errno {
            Errno::ENOENT | Errno::EOPNOTSUPP | Errno::ENODEV => {
                Some("this machine has no such event; the clock of a CPU is on every one")
            }
            Errno::EINVAL => Some(
                "there is no such CPU or event, or more calls are asked for than `sysctl kernel.perf_event_max_sample_rate` allows",
            ),
            Errno::ESRCH => Some("there is no such process"),
            _ => None,
        };
        Error::system(Step::Attach, Call::PerfEventOpen, errno)
            .with_target(format_args!("perf event {} of type {}", sampled.config, sampled.event_type))
            .with_hint(hint)
    })
}
