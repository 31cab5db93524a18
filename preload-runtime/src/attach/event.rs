//! Perf events with a program behind them, without a link: what there is before Linux 5.15.

use core::fmt;

use super::{Loaded, kprobe, perf, tracepoint};
use crate::error::{Call, Error, Step};
use crate::plan::Attach;
use crate::sys::{Errno, Fd, perf as sys};
use crate::target::PerfEvent;

/// A perf event that calls a program, without a link. Dropping it detaches the program; it cannot be pinned.
#[must_use = "dropping it detaches the program"]
pub struct UnpinnedEvent {
    event: Fd,
    name: &'static str,
}

impl UnpinnedEvent {
    /// The function of the C source that is attached.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The descriptor of the event.
    pub fn fd(&self) -> &Fd {
        &self.event
    }

    /// The descriptor alone, for use without this crate: the program stays attached as long as it is open.
    pub fn into_fd(self) -> Fd {
        self.event
    }
}

impl fmt::Debug for UnpinnedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnpinnedEvent").field("name", &self.name).field("fd", &self.event).finish()
    }
}

/// Opens an event with `open`, which gets what the program attaches to, and puts the program behind it.
fn attach(
    program: &Loaded<'_>,
    cookie: u64,
    open: impl FnOnce(Option<Attach>) -> Option<Result<Fd, Error>>,
) -> Result<UnpinnedEvent, Error> {
    let failed = |call, errno| Error::system(Step::Attach, call, errno);
    if cookie != 0 {
        return Err(failed(Call::Ioctl, Errno::EINVAL)
            .with_hint(Some("only links give cookies, which perf events have since Linux 5.15")));
    }
    let event = open(program.plan.attach.as_ref().map(|attachment| attachment.to)).unwrap_or_else(|| {
        Err(failed(Call::PerfEventOpen, Errno::EINVAL).with_hint(Some(
            "nothing says what it attaches to: name that in the section, or with `target = \"..\"` in the attribute",
        )))
    })?;
    sys::set_program(&event, program.fd).map_err(|errno| failed(Call::Ioctl, errno))?;
    Ok(UnpinnedEvent { event, name: program.plan.name })
}

pub(crate) fn at_tracepoint(program: &Loaded<'_>, cookie: u64) -> Result<UnpinnedEvent, Error> {
    attach(program, cookie, |to| match to? {
        Attach::Tracepoint { category, name } => Some(tracepoint::event(category, name)),
        _ => None,
    })
}

pub(crate) fn at_kprobe(program: &Loaded<'_>, cookie: u64) -> Result<UnpinnedEvent, Error> {
    attach(program, cookie, |to| match to? {
        Attach::Kprobe { function, offset, retprobe } => Some(kprobe::event(function, offset, retprobe)),
        _ => None,
    })
}

pub(crate) fn at_syscall(program: &Loaded<'_>, cookie: u64) -> Result<UnpinnedEvent, Error> {
    attach(program, cookie, |to| match to? {
        Attach::Ksyscall { name, retprobe } => Some(kprobe::syscall_event(name, retprobe)),
        _ => None,
    })
}

#[cfg(feature = "uprobes")]
pub(crate) fn at_uprobe(program: &Loaded<'_>, cookie: u64) -> Result<UnpinnedEvent, Error> {
    use super::uprobe::{Place, event};

    attach(program, cookie, |to| match to? {
        Attach::Uprobe { path, function, offset, retprobe } => {
            Some(event(&Place { path, symbol: function, offset }, retprobe))
        }
        _ => None,
    })
}

pub(crate) fn sampled(program: &Loaded<'_>, event: PerfEvent, cookie: u64) -> Result<UnpinnedEvent, Error> {
    attach(program, cookie, |_| Some(perf::sampling(event)))
}
