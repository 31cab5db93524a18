//! Preloading as a transaction: what is published under the name of an object is a whole set of pins, or nothing.
//!
//! A set is made in a directory of another name and published by one rename. One preloader at a time works under a
//! directory; the lock is the kernel's, which lets it go when a process dies. What a killed process has left is found under the
//! names that only sets in the making and sets on their way out have, and removed by the next run.

mod carried;
mod in_place;
mod over;
mod place;

pub(crate) use self::carried::Carried;
pub(crate) use self::in_place::Predecessor;
use self::in_place::Taken;
pub(crate) use self::over::{OVER, Over};
use self::place::Place;
pub(crate) use self::place::{Names, Staged, hold as hold_operations};
use crate::attach::{Room, attach_in_place, operations};
use crate::directory::Directory;
use crate::error::{Error, ErrorKind, Step};
use crate::making::Unmade;
use crate::marker::{Digest, Marker};
use crate::path::CPath;
use crate::plan::Plan;
use crate::preload::{Access, Preload, Preloaded, Removal};
use crate::skeleton::Skeleton;
use crate::status::{Expected, Status};
use crate::struct_ops;
use crate::sys::{Fd, process};

/// Whether a set belongs to the user of this process, or to the one that sets are given to. In a bpffs that everyone may write to,
/// anyone can make what looks like a set.
///
/// The directory itself is asked: its name may be another's by now, or nobody's.
pub(crate) fn is_trusted(set: &Directory, access: Access, step: Step) -> Result<bool, Error> {
    let owner = set.owner(c"", step)?;
    Ok(owner == Some(process::user()) || access.owner.is_some_and(|(user, _)| owner == Some(user)))
}

/// Whether everything that a set records is there.
pub(crate) fn is_complete(set: &Directory, marker: &Marker, step: Step) -> Result<bool, Error> {
    for name in marker.names() {
        if set.owner(name, step)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What loads a skeleton.
pub(crate) type Load<'a> = &'a mut dyn FnMut(&Carried<'_>, &mut dyn Unmade) -> Result<(), Error>;

/// Loads, attaches and publishes.
// Inlined where it is optimised, as what calls it is.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn preload(
    plan: &'static Plan,
    options: &Preload,
    settings: u64,
    room: &mut Room<'_>,
    unmade: &mut dyn Unmade,
    load: Load<'_>,
) -> Result<Preloaded<()>, Error> {
    let place = place(plan, options.bpffs.clone(), options.wait, Step::Preload)?;
    let digest = Digest { plan: plan.digest, settings: Some(settings) };
    let old = place.published(Step::Preload)?;
    if let Some(old) = &old {
        place.recover_making(Step::Preload)?;
        let Some(over) = options.over else {
            return Err(place.parent.error(Step::Preload, ErrorKind::AlreadyPinned, place.names.set()));
        };
        if (over.keep)(&place, old, options, digest)? {
            return Ok(Preloaded::Kept);
        }
    }

    let mut set = place.stage()?;
    let carried = Carried { from: old.as_ref().filter(|_| options.carry_maps) };
    let attached = load(&carried, unmade).and_then(|()| {
        hold(&mut set, unmade.skeleton(), digest, options.access)?;
        attach_in_place(unmade.skeleton(), old.as_ref().map(Predecessor::new), room)
    });
    if let Err(error) = attached {
        // Before its set, and before anyone else can have the lock.
        unmade.unmake();
        return place.or_abandon(Err(error));
    }
    let skeleton = unmade.skeleton();
    let taken = Taken { programs: room.outcomes, operations: room.operations };
    let published = match options.over.filter(|_| old.is_some()) {
        Some(over) => (over.replace)(&place, &mut set, skeleton, taken, digest, options.access),
        None => place.publish(&mut set, skeleton, digest, options.access),
    };
    if let Err(error) = published {
        operations::withdraw(skeleton);
        unmade.unmake();
        return Err(error);
    }
    Ok(if old.is_some() { Preloaded::Replaced(()) } else { Preloaded::New(()) })
}

/// Pins what is held by nothing else, in an object that has operations.
fn hold(set: &mut Staged, skeleton: &dyn Skeleton, digest: Digest, access: Access) -> Result<(), Error> {
    skeleton.plan().code.struct_ops.map_or(Ok(()), |calls| (calls.hold)(set, skeleton, digest, access))
}

/// What is preloaded where [`preload`] would put it.
pub(crate) fn status(plan: &'static Plan, options: &Preload, settings: u64) -> Result<Status, Error> {
    let failed = |kind| Error::new(Step::Query, kind);
    let bpffs = options.bpffs.clone().map_err(failed)?;
    let name = CPath::new(plan.directory).map_err(failed)?;
    let digest = Digest { plan: plan.digest, settings: Some(settings) };
    Status::read(bpffs, name, Some(Expected { digest, access: options.access }))
}

/// Pins a skeleton that is loaded already, under a path of the caller's.
pub(crate) fn pin(skeleton: &dyn Skeleton, path: &CPath) -> Result<(), Error> {
    let mut place = Place::lock(path.parent(), path.name(), false, Step::Pin, withdraw(skeleton.plan()))?;
    if place.published(Step::Pin)?.is_some() {
        return Err(place.parent.error(Step::Pin, ErrorKind::AlreadyPinned, place.names.set()));
    }
    // What was chosen before load is not known any more: this is never the same as what a preload would make.
    let digest = Digest { plan: skeleton.plan().digest, settings: None };
    let mut set = place.stage()?;
    // It was attached before, and stays so whatever comes of the pins.
    place.keep_in_force();
    let held = hold(&mut set, skeleton, digest, Access::DEFAULT);
    place.or_abandon(held)?;
    place.publish(&mut set, skeleton, digest, Access::DEFAULT)
}

/// Removes the set at a path of the caller's.
pub(crate) fn unpin(plan: &'static Plan, path: &CPath) -> Result<(), Error> {
    retire(&Place::lock(path.parent(), path.name(), false, Step::Unpin, withdraw(plan))?, false)
}

/// The same, whatever object it is of.
pub(crate) fn unpin_any(path: &CPath) -> Result<(), Error> {
    let withdraw = struct_ops::CALLS.unregister;
    retire(&Place::lock(path.parent(), path.name(), false, Step::Unpin, Some(withdraw))?, false)
}

/// What is done with each thing of a plan before its pin is removed.
fn withdraw(plan: &'static Plan) -> Option<fn(&Fd)> {
    plan.code.struct_ops.map(|calls| calls.unregister)
}

/// Removes the set that [`preload`] has published.
pub(crate) fn unpin_preloaded(plan: &'static Plan, removal: &Removal) -> Result<(), Error> {
    retire(&place(plan, removal.bpffs.clone(), removal.wait, Step::Unpin)?, removal.foreign)
}

fn retire(place: &Place, foreign: bool) -> Result<(), Error> {
    place.recover_making(Step::Unpin)?;
    match place.published(Step::Unpin)? {
        Some(set) => place.retire(&set, foreign),
        None => Err(place.parent.missing(Step::Unpin, place.names.set())),
    }
}

fn place(
    plan: &'static Plan,
    bpffs: Result<CPath, ErrorKind>,
    wait: bool,
    step: Step,
) -> Result<Place, Error> {
    let bpffs = bpffs.map_err(|kind| Error::new(step, kind))?;
    let name = CPath::new(plan.directory).map_err(|kind| Error::new(step, kind))?;
    Place::lock(bpffs, name, wait, step, withdraw(plan))
}
