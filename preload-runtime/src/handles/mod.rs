//! Owned handles of what the kernel holds: maps, programs, links.
//!
//! Each owns its descriptor and closes it on drop, borrows from nothing, and can be sent to and shared with
//! other threads.

mod attach;
mod event;
mod extension;
mod info;
mod iterator;
mod link;
mod map;
mod names;
mod program;
mod show;
mod takeover;

use core::fmt;

pub use self::info::{Attachment, LinkInfo, MapInfo, ProgramInfo, Text};
pub use self::link::Link;
pub(crate) use self::link::info as link_info;
pub use self::map::Map;
pub use self::program::Program;
pub(crate) use self::program::Raw;
pub use self::takeover::TakenOver;
pub use crate::attach::event::UnpinnedEvent;
pub use crate::attach::traffic::TcFilter;
use crate::error::{Call, Error, Step};
use crate::plan::Plan;
use crate::sys::{Fd, bpf};

/// A handle that a static can stand for: a map or a link.
pub trait Handle: Sized + sealed::Sealed + 'static {
    /// What the handle is made by.
    type Plan: Sync;

    #[doc(hidden)]
    fn from_fd(fd: Fd, plan: &'static Self::Plan) -> Self;

    /// What the handle at a place of a slot is made by.
    #[doc(hidden)]
    fn plan_at(plan: &'static Plan, place: usize) -> Option<&'static Self::Plan>;
}

pub(crate) mod sealed {
    pub trait Sealed {}

    impl Sealed for super::Map {}
    impl Sealed for super::Link {}
}

/// Handles are shown by name and descriptor; a plan holds all of the program's bytes.
macro_rules! debug {
    ($($handle:ident)*) => {$(
        impl fmt::Debug for $handle {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($handle)).field("name", &self.plan.name).field("fd", &self.fd).finish()
            }
        }
    )*};
}

debug! { Map Link }

fn id(fd: &Fd, item: &'static str) -> Result<u32, Error> {
    bpf::obj_id(fd).map_err(|errno| Error::system(Step::Query, Call::ObjGetInfoByFd, errno).with_item(item))
}

#[cfg(feature = "std")]
mod with_std {
    use std::os::fd::{AsFd, BorrowedFd};

    use super::{Link, Map};

    impl AsFd for Map {
        fn as_fd(&self) -> BorrowedFd<'_> {
            self.fd().as_fd()
        }
    }

    impl AsFd for Link {
        fn as_fd(&self) -> BorrowedFd<'_> {
            self.fd.as_fd()
        }
    }
}
