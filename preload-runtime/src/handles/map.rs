//! Maps.

use super::{Handle, MapInfo, id};
use crate::error::{Call, Error, Step};
use crate::path::AsPath;
use crate::pin;
use crate::plan::{MapPlan, Plan};
use crate::rows::set;
use crate::sys::{Fd, MapFd, bpf};

/// A map.
pub struct Map {
    pub(crate) fd: MapFd,
    pub(crate) plan: &'static MapPlan,
}

impl Handle for Map {
    type Plan = MapPlan;

    fn from_fd(fd: Fd, plan: &'static MapPlan) -> Self {
        Self { fd: MapFd::new(fd), plan }
    }

    fn plan_at(plan: &'static Plan, place: usize) -> Option<&'static MapPlan> {
        plan.maps.get(place)
    }
}

impl Map {
    /// What a skeleton has before it is filled: without a descriptor, and by no plan of its own.
    #[doc(hidden)]
    pub const fn empty(plan: &'static MapPlan) -> Self {
        Self { fd: MapFd::new(Fd::NONE), plan }
    }

    /// Makes an empty map one that is there.
    pub(crate) fn fill(&mut self, fd: Fd, plan: &'static MapPlan) {
        set(self, Self::from_fd(fd, plan));
    }
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
        self.fd.fd()
    }

    /// The descriptor alone, for use without this crate.
    pub fn into_fd(self) -> Fd {
        self.fd.into_fd()
    }

    /// The kernel's id of the map (4.13), as in `bpftool map`.
    ///
    /// # Errors
    ///
    /// Whatever the kernel returns, with the name of the map.
    pub fn id(&self) -> Result<u32, Error> {
        id(self.fd(), self.plan.name)
    }

    /// What the kernel says of the map (4.13): its id, type and sizes.
    ///
    /// # Errors
    ///
    /// Whatever the kernel returns, with the name of the map.
    pub fn info(&self) -> Result<MapInfo, Error> {
        match bpf::map_info(self.fd()) {
            Ok(info) => Ok(info.into()),
            Err(errno) => {
                Err(Error::system(Step::Query, Call::ObjGetInfoByFd, errno).with_item(self.plan.name))
            }
        }
    }

    /// Makes the map read-only for user space, for good (5.2); programs can still write to it, unless its flags say otherwise.
    ///
    /// # Errors
    ///
    /// `EBUSY` while it is mapped with permission to write, or frozen already; `ENOTSUPP` for map types that cannot be frozen.
    pub fn freeze(&self) -> Result<(), Error> {
        bpf::map_freeze(self.fd())
            .map_err(|errno| Error::system(Step::FreezeMap, Call::MapFreeze, errno).with_item(self.plan.name))
    }

    /// Pins the map at a path in a bpffs (4.4); the name may have no dot in it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotBpffs`](crate::ErrorKind::NotBpffs) outside a bpffs, `EEXIST` when something is there already, `EPERM` for a name
    /// with a dot.
    pub fn pin(&self, path: impl AsPath) -> Result<(), Error> {
        pin::pin_one(self.fd(), self.plan.name, path)
    }

    /// Removes a pin of the map; the map stays.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotBpffs`](crate::ErrorKind::NotBpffs) outside a bpffs, `ENOENT` when nothing is there.
    pub fn unpin(&self, path: impl AsPath) -> Result<(), Error> {
        pin::unpin_one(self.plan.name, path)
    }
}
