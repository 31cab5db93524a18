//! The old way of perf events, for kernels before 5.15: an event without a link, which cannot be pinned.

use super::{Program, UnpinnedEvent};
use crate::attach::event;
use crate::error::{Error, Step};
use crate::kind;
use crate::target::PerfEvent;

macro_rules! attach_unpinned {
    ($($(#[$condition:meta])? $kind:ident, $since:literal, $attach:path;)*) => {$(
        $(#[$condition])?
        impl Program<kind::$kind> {
            #[doc = concat!("The old way (", $since, "), for kernels before 5.15: without a link, at what the section name or the")]
            /// attribute says. It cannot be pinned: the program is detached when the event is dropped, or the process ends.
            ///
            /// # Errors
            ///
            /// `ENOENT` when the kernel or the file does not have the target; `EINVAL` when nothing says what the target is, and for
            /// a program with a cookie, which only links give.
            pub fn attach_unpinned(&self) -> Result<UnpinnedEvent, Error> {
                let cookie = self.choices().cookie;
                self.attached(Step::Attach, |program| $attach(program, cookie))
            }
        }
    )*};
}

attach_unpinned! {
    Tracepoint, "4.7", event::at_tracepoint;
    Kprobe, "4.17", event::at_kprobe;
    Ksyscall, "4.17", event::at_syscall;
    #[cfg(feature = "uprobes")]
    Uprobe, "4.17", event::at_uprobe;
}

impl Program<kind::PerfEvent> {
    /// The old way (4.9), for kernels before 5.15: without a link. It cannot be pinned: the program is detached when the event is
    /// dropped, or the process ends.
    ///
    /// # Errors
    ///
    /// As those of [`attach_perf_event`](Self::attach_perf_event); `EINVAL` for a program with a cookie, which only links give.
    pub fn attach_perf_event_unpinned(&self, event: PerfEvent) -> Result<UnpinnedEvent, Error> {
        let cookie = self.choices().cookie;
        self.attached(Step::Attach, |program| event::sampled(program, event, cookie))
    }
}
