//! Owned handles of what the kernel holds: maps, programs, links.
//!
//! Each owns its descriptor and closes it on drop, borrows from nothing, and can be sent to and shared with
//! other threads.

use core::fmt;

use crate::error::{Call, Error, ErrorKind, Step};
use crate::path::AsPath;
use crate::pin;
use crate::plan::{MapPlan, ProgramPlan};
use crate::sys::{Fd, bpf};

/// A map.
pub struct Map {
    fd: Fd,
    plan: &'static MapPlan,
}

/// A program; loaded, unless it was left out before load.
pub struct Program {
    fd: Option<Fd>,
    plan: &'static ProgramPlan,
}

/// A link: what keeps a program attached. Dropping it detaches the program, unless it is pinned.
pub struct Link {
    fd: Fd,
    plan: &'static ProgramPlan,
}

/// A handle that a static can stand for: a map or a link.
pub trait Handle: Sized + sealed::Sealed + 'static {
    /// What the handle is made by.
    type Plan: Sync;

    #[doc(hidden)]
    fn from_fd(fd: Fd, plan: &'static Self::Plan) -> Self;
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for super::Map {}
    impl Sealed for super::Link {}
}

impl Handle for Map {
    type Plan = MapPlan;

    fn from_fd(fd: Fd, plan: &'static MapPlan) -> Self {
        Self { fd, plan }
    }
}

impl Handle for Link {
    type Plan = ProgramPlan;

    fn from_fd(fd: Fd, plan: &'static ProgramPlan) -> Self {
        Self { fd, plan }
    }
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

debug! { Map Program Link }

fn id(fd: &Fd, item: &'static str) -> Result<u32, Error> {
    bpf::obj_id(fd).map_err(|errno| Error::system(Step::Query, Call::ObjGetInfoByFd, errno).with_item(item))
}

impl Map {
    /// The variable of the C source, or the name of the data section.
    pub fn name(&self) -> &'static str {
        self.plan.name
    }

    /// How it was made.
    pub fn plan(&self) -> &'static MapPlan {
        self.plan
    }

    /// The descriptor.
    pub fn fd(&self) -> &Fd {
        &self.fd
    }

    /// The descriptor alone, for use without this crate.
    pub fn into_fd(self) -> Fd {
        self.fd
    }

    /// The kernel's id of the map (4.13), as in `bpftool map`.
    ///
    /// # Errors
    ///
    /// Whatever the kernel returns, with the name of the map.
    pub fn id(&self) -> Result<u32, Error> {
        id(&self.fd, self.plan.name)
    }

    /// Pins the map at a path in a bpffs (4.4); the name may have no dot in it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotBpffs`] outside a bpffs, `EEXIST` when something is there already, `EPERM` for a name
    /// with a dot.
    pub fn pin(&self, path: impl AsPath) -> Result<(), Error> {
        pin::pin_one(&self.fd, self.plan.name, path)
    }

    /// Removes a pin of the map; the map stays.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotBpffs`] outside a bpffs, `ENOENT` when nothing is there.
    pub fn unpin(&self, path: impl AsPath) -> Result<(), Error> {
        pin::unpin_one(self.plan.name, path)
    }
}

impl Program {
    pub(crate) fn new(fd: Option<Fd>, plan: &'static ProgramPlan) -> Self {
        Self { fd, plan }
    }

    /// The function of the C source.
    pub fn name(&self) -> &'static str {
        self.plan.name
    }

    /// How it was loaded.
    pub fn plan(&self) -> &'static ProgramPlan {
        self.plan
    }

    /// The descriptor; none when the program was left out before load.
    pub fn fd(&self) -> Option<&Fd> {
        self.fd.as_ref()
    }

    /// The descriptor alone, for use without this crate.
    pub fn into_fd(self) -> Option<Fd> {
        self.fd
    }

    /// Takes over a link that the caller has made for this program, as for those that are attached by hand.
    /// Put into the skeleton's `links`, it is pinned with the others.
    pub fn link_from(&self, fd: Fd) -> Link {
        Link::from_fd(fd, self.plan)
    }

    /// The kernel's id of the program (4.13), as in `bpftool prog`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotLoaded`] when it was left out before load; whatever the kernel returns.
    pub fn id(&self) -> Result<u32, Error> {
        let fd = self
            .fd()
            .ok_or_else(|| Error::new(Step::Query, ErrorKind::NotLoaded).with_item(self.plan.name))?;
        id(fd, self.plan.name)
    }
}

impl Link {
    /// The function of the C source that is attached.
    pub fn name(&self) -> &'static str {
        self.plan.name
    }

    /// The descriptor.
    pub fn fd(&self) -> &Fd {
        &self.fd
    }

    /// The descriptor alone, for use without this crate.
    pub fn into_fd(self) -> Fd {
        self.fd
    }

    /// The kernel's id of the link (5.8), as in `bpftool link`.
    ///
    /// # Errors
    ///
    /// Whatever the kernel returns, with the name of the program.
    pub fn id(&self) -> Result<u32, Error> {
        id(&self.fd, self.plan.name)
    }

    /// Pins the link at a path in a bpffs (5.7): the program stays attached as long as the pin is there. The
    /// name may have no dot in it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotBpffs`] outside a bpffs, `EEXIST` when something is there already, `EPERM` for a name
    /// with a dot.
    pub fn pin(&self, path: impl AsPath) -> Result<(), Error> {
        pin::pin_one(&self.fd, self.plan.name, path)
    }

    /// Removes a pin of the link; the program stays attached while this handle or another pin is there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotBpffs`] outside a bpffs, `ENOENT` when nothing is there.
    pub fn unpin(&self, path: impl AsPath) -> Result<(), Error> {
        pin::unpin_one(self.plan.name, path)
    }
}

#[cfg(feature = "std")]
mod with_std {
    use std::os::fd::{AsFd, BorrowedFd};

    use super::{Link, Map};

    impl AsFd for Map {
        fn as_fd(&self) -> BorrowedFd<'_> {
            self.fd.as_fd()
        }
    }

    impl AsFd for Link {
        fn as_fd(&self) -> BorrowedFd<'_> {
            self.fd.as_fd()
        }
    }
}
