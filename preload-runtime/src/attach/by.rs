//! What carries out an attachment: functions that plans name, so that a binary has only those.

use core::cell::Cell;

use super::Loaded;
use crate::error::{Error, ErrorKind, Step};
use crate::handles::Attachment;
use crate::plan::{Attach, ProgramPlan};
use crate::skeleton::Skeleton;
use crate::sys::{Errno, Fd};
use crate::transaction::Predecessor;

/// A program on its way to a link.
pub(crate) struct Attaching<'a> {
    pub(crate) plan: &'static ProgramPlan,
    /// The program.
    pub(crate) fd: &'a Fd,
    pub(crate) to: Attach,
    /// 0 for none.
    pub(crate) cookie: u64,
    /// What it is part of.
    pub(crate) skeleton: &'a dyn Skeleton,
    /// The set that is being replaced.
    pub(crate) predecessor: Option<Predecessor<'a>>,
    /// Whether the link is one of that set.
    pub(crate) taken: &'a Cell<bool>,
}

impl Attaching<'_> {
    fn loaded(&self) -> Loaded<'_> {
        Loaded { plan: self.plan, fd: self.fd }
    }

    /// For places where the kernel allows one program only: if it is that of the set that is being replaced which is there, its
    /// link.
    fn or_take(
        &self,
        attached: Result<Fd, Error>,
        is_there: impl FnOnce(&Attachment) -> Result<bool, Error>,
    ) -> Result<Fd, Error> {
        let error = match attached {
            Err(error) if matches!(error.errno(), Some(Errno::EBUSY | Errno::EEXIST | Errno::E2BIG)) => error,
            other => return other,
        };
        let Some(predecessor) = self.predecessor else { return Err(error) };
        match predecessor.link(self.plan, is_there)? {
            Some(link) => {
                self.taken.set(true);
                Ok(link)
            }
            None => Err(error),
        }
    }
}

/// The function that attaches programs in one way.
#[derive(Clone, Copy)]
pub struct By(fn(&Attaching<'_>) -> Result<Fd, Error>);

impl By {
    pub(super) fn call(self, attaching: &Attaching<'_>) -> Result<Fd, Error> {
        (self.0)(attaching)
    }
}

/// What the generated code names. Each takes the targets of its way; it never gets another one.
pub mod calls {
    use super::{Attach, By, Error, ErrorKind, Step};
    use crate::attach::{
        iterator as iterators, kprobe, kprobe_multi, network, places, trace, trace_multi, tracepoint,
    };
    use crate::plan::Place;
    use crate::target::{File, Tasks};

    macro_rules! calls {
        ($($(#[$attribute:meta])* $name:ident($pattern:pat, $with:ident) => $call:expr;)*) => {$(
            $(#[$attribute])*
            #[allow(missing_docs, reason = "named after the way")]
            pub const fn $name() -> By {
                By(|$with| match $with.to {
                    $pattern => $call,
                    _ => Err(Error::new(Step::Attach, ErrorKind::NotAttached)),
                })
            }
        )*};
    }

    calls! {
        iterator(Attach::Iterator, with) => iterators::all(&with.loaded());
        raw_tracepoint(Attach::RawTracepoint(name), with) => trace::raw_tracepoint(with.fd, name, with.cookie);
        trace(Attach::Trace, with) => trace::trace(with.plan, with.fd, with.cookie);
        tracepoint(Attach::Tracepoint { category, name }, with) => {
            tracepoint::attach(with.fd, category, name, with.cookie)
        };
        kprobe(Attach::Kprobe { function, offset, retprobe }, with) => {
            kprobe::attach(with.fd, function, offset, retprobe, with.cookie)
        };
        ksyscall(Attach::Ksyscall { name, retprobe }, with) => {
            kprobe::attach_syscall(with.fd, name, retprobe, with.cookie)
        };
        kprobe_multi(Attach::KprobeMulti { functions, probe }, with) => {
            kprobe_multi::attach(with.plan, with.fd, functions, probe, with.cookie)
        };
        trace_multi(Attach::TraceMulti { functions }, with) => {
            trace_multi::attach(with.plan, with.fd, functions, with.cookie)
        };
        xdp(Attach::To(Place::Xdp { interface, mode }), with) => {
            with.or_take(network::xdp(&with.loaded(), interface, mode), |there| network::is_xdp_of(interface, there))
        };
        tcx(Attach::To(Place::Tcx { interface, direction, position }), with) => {
            network::tcx(&with.loaded(), interface, direction, position.order())
        };
        netkit(Attach::To(Place::Netkit { interface, position }), with) => {
            network::netkit(&with.loaded(), interface, position.order())
        };
        cgroup(Attach::To(Place::Cgroup { path, attach_type, position }), with) => {
            places::cgroup(&with.loaded(), attach_type, File::Path(path.as_bytes()), position.order())
        };
        netns(Attach::To(Place::NetNamespace { path }), with) => {
            let file = File::Path(path.as_bytes());
            with.or_take(places::netns(&with.loaded(), file), |there| places::is_netns(file, there))
        };
        netfilter(Attach::To(Place::Netfilter(at)), with) => places::netfilter(&with.loaded(), at);
        sock_map(Attach::To(Place::SockMap { map, attach_type }), with) => match with.skeleton.map_at(map) {
            Some(map) => with.or_take(places::sock_map(&with.loaded(), attach_type, map), |there| {
                Ok(matches!(there, super::Attachment::Sockmap { map_id, .. } if *map_id == map.id()?))
            }),
            None => Err(Error::new(Step::Attach, ErrorKind::NotLoaded)),
        };
        extension(Attach::To(Place::Extension { .. }), with) => trace::trace(with.plan, with.fd, with.cookie);
        map_iterator(Attach::To(Place::MapIterator { map }), with) => match with.skeleton.map_at(map) {
            Some(map) => iterators::map(&with.loaded(), map),
            None => Err(Error::new(Step::Attach, ErrorKind::NotLoaded)),
        };
        cgroup_iterator(Attach::To(Place::CgroupIterator { path, order }), with) => {
            iterators::cgroup(&with.loaded(), path.map(|path| File::Path(path.as_bytes())), order)
        };
        task_iterator(Attach::To(place), with) => match place {
            Place::ThreadIterator(id) => iterators::tasks(&with.loaded(), Tasks::Thread(id)),
            Place::ProcessIterator(id) => iterators::tasks(&with.loaded(), Tasks::Process(id)),
            _ => Err(Error::new(Step::Attach, ErrorKind::NotAttached)),
        };
    }

    #[cfg(feature = "uprobes")]
    mod uprobes {
        use super::{Attach, By, Error, ErrorKind, Step};
        use crate::attach::uprobe::{self, Place};

        calls! {
            uprobe(Attach::Uprobe { path, function, offset, retprobe }, with) => {
                let place = Place { path, symbol: function, offset };
                uprobe::attach(with.fd, &place, retprobe, with.cookie)
            };
            uprobe_multi(Attach::UprobeMulti { path, functions, probe }, with) => {
                uprobe::attach_multi(with.plan, with.fd, (path, functions), probe, with.cookie)
            };
            usdt(Attach::Usdt { path, provider, name }, with) => {
                uprobe::attach_usdt(with, (path, provider, name))
            };
        }
    }
    #[cfg(feature = "uprobes")]
    pub use uprobes::{uprobe, uprobe_multi, usdt};

    /// Without the feature, plans that need it do not compile.
    #[cfg(not(feature = "uprobes"))]
    mod uprobes {
        use super::By;

        #[allow(missing_docs, reason = "named after the way")]
        pub const fn uprobe() -> By {
            panic!("uprobes need the feature `uprobes` of `preload-runtime`: features = [\"uprobes\"]")
        }

        #[allow(missing_docs, reason = "named after the way")]
        pub const fn uprobe_multi() -> By {
            uprobe()
        }

        #[allow(missing_docs, reason = "named after the way")]
        pub const fn usdt() -> By {
            uprobe()
        }
    }
    #[cfg(not(feature = "uprobes"))]
    pub use uprobes::{uprobe, uprobe_multi, usdt};
}
