//! Preloading as a transaction: what is published under the name of an object is a whole set of pins, or nothing.
//!
//! A set is made in a directory of another name and published by one rename. One preloader at a time works under a
//! directory; the lock is the kernel's, which lets it go when a process dies. What a killed process has left is found under the
//! names that only sets in the making and sets on their way out have, and removed by the next run.

use core::ffi::CStr;

use crate::attach::attach;
use crate::directory::Directory;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::handles::Program;
use crate::marker::{self, Digest};
use crate::path::CPath;
use crate::plan::{MapPlan, Plan};
use crate::preload::{Access, Existing, Preload, Preloaded, Removal};
use crate::properties::MapProperties;
use crate::skeleton::{Skeleton, Unattached};
use crate::sys::{Errno, Fd, process};

/// Behind the name of a set: one that is being made, or is on its way out.
const IN_THE_MAKING: &str = "__new";
/// Behind the name of a set: the one that is being replaced, on kernels that cannot exchange two names.
const BEING_REPLACED: &str = "__old";

/// The directory that sets are in, locked, and the names of one of them.
pub(crate) struct Place {
    parent: Directory,
    name: CPath,
    making: CPath,
    replaced: CPath,
}

impl Place {
    /// Locks the directory `parent`, and removes what killed processes have left of the set `name`.
    pub(crate) fn lock(parent: CPath, name: &CPath, wait: bool, step: Step) -> Result<Self, Error> {
        let beside = |suffix: &str| {
            let mut beside = name.clone();
            beside.push(suffix.as_bytes()).map_err(|kind| Error::new(step, kind))?;
            Ok::<_, Error>(beside)
        };
        let place = Self {
            parent: Directory::open(parent)?,
            name: name.clone(),
            making: beside(IN_THE_MAKING)?,
            replaced: beside(BEING_REPLACED)?,
        };
        place.parent.lock(wait, step)?;
        place.recover(step)?;
        Ok(place)
    }

    /// The published set; none when there is none.
    fn published(&self, step: Step) -> Result<Option<Directory>, Error> {
        self.parent.child(self.name.as_c_str(), step)
    }

    /// Finishes or undoes what a killed process was at.
    fn recover(&self, step: Step) -> Result<(), Error> {
        let (name, making, replaced) =
            (self.name.as_c_str(), self.making.as_c_str(), self.replaced.as_c_str());
        if self.is_left_over(replaced, step)? {
            // Between the two renames of a replacement nothing has the name: the old set is still whole.
            match self.published(step)? {
                None => self.parent.rename(replaced, name, step)?,
                Some(_) => self.remove_set(replaced)?,
            }
        }
        if self.is_left_over(making, step)? { self.remove_set(making) } else { Ok(()) }
    }

    /// Whether there is something of that name to clear away: ours, marked or not marked yet. Anything else is an error.
    fn is_left_over(&self, name: &CStr, step: Step) -> Result<bool, Error> {
        let Some(directory) = self.parent.child(name, step)? else { return Ok(false) };
        let own = self.parent.owner(name, step)? == Some(process::user());
        let foreign = || self.parent.error(step, ErrorKind::Foreign, name);
        if marker::read(&directory, step)?.is_none() {
            // Killed before it was marked, or after the marks were removed: then it is empty.
            directory.names(step, &mut |_| Err(foreign()))?;
            return if own { Ok(true) } else { Err(foreign()) };
        }
        Ok(true)
    }

    /// Removes a set and its directory. It can be interrupted at any point and begun again.
    fn remove_set(&self, name: &CStr) -> Result<(), Error> {
        let Some(directory) = self.parent.child(name, Step::Unpin)? else { return Ok(()) };
        marker::names(&directory, Step::Unpin, &mut |pin| directory.unlink(pin))?;
        // The markers go last: as long as anything else is there, the next run must be able to tell whose it is.
        directory.names(Step::Unpin, &mut |left| {
            if marker::is_marker(left) {
                Ok(())
            } else {
                Err(directory.error(Step::Unpin, ErrorKind::Foreign, left))
            }
        })?;
        marker::remove(&directory)?;
        self.parent.remove_child(name)
    }

    /// Refuses a set that is not ours, or that something else lies in.
    fn require_own(&self, set: &Directory, step: Step) -> Result<(), Error> {
        if marker::read(set, step)?.is_none() {
            return Err(self.parent.error(step, ErrorKind::Foreign, self.name.as_c_str()));
        }
        set.names(step, &mut |name| {
            let mut known = marker::is_marker(name);
            marker::names(set, step, &mut |recorded| {
                known |= recorded == name;
                Ok(())
            })?;
            if known { Ok(()) } else { Err(set.error(step, ErrorKind::Foreign, name)) }
        })
    }

    /// Whether the set is what would be preloaded, and all of it is there.
    fn is_same(set: &Directory, digest: Digest) -> Result<bool, Error> {
        if marker::read(set, Step::Preload)? != Some(digest) {
            return Ok(false);
        }
        let mut complete = true;
        marker::names(set, Step::Preload, &mut |name| {
            complete &= set.owner(name, Step::Preload)?.is_some();
            Ok(())
        })?;
        Ok(complete)
    }

    /// Makes a set of a skeleton's links and maps and publishes it; in the place of the old one, if there is one.
    fn publish<S: Skeleton + ?Sized>(
        &self,
        skeleton: &S,
        digest: Digest,
        access: Access,
        replace: bool,
    ) -> Result<(), Error> {
        let (name, making) = (self.name.as_c_str(), self.making.as_c_str());
        let made = self.make_set(skeleton, digest, access).and_then(|()| {
            if replace { self.swap() } else { self.parent.rename(making, name, Step::Pin).map(|()| making) }
        });
        match made {
            // After a replacement the old set has one of the other names.
            Ok(old) if replace => self.remove_set(old).map_err(|error| {
                error.with_hint(Some(
                    "the new set is in place; what is left of the old one is removed by the next preload",
                ))
            }),
            Ok(_) => Ok(()),
            Err(error) => {
                // The error that counts is the first one; what cannot be removed now is removed by the next run.
                let _ = self.remove_set(making);
                Err(error)
            }
        }
    }

    fn make_set<S: Skeleton + ?Sized>(
        &self,
        skeleton: &S,
        digest: Digest,
        access: Access,
    ) -> Result<(), Error> {
        require_links(skeleton)?;
        let making = self.making.as_c_str();
        let set = self.parent.make_child(making, Access::DEFAULT.directory_mode, Step::Pin)?;
        marker::write(&set, digest, pins(skeleton).map(|(name, ..)| name))?;
        for (name, item, fd) in pins(skeleton) {
            let name = CPath::new(name).map_err(|kind| Error::new(Step::Pin, kind).with_item(item))?;
            set.pin(fd, item, name.as_c_str())?;
            if let Some(mode) = access.pin_mode {
                set.change_mode(name.as_c_str(), mode)?;
            }
            if let Some((user, group)) = access.owner {
                set.change_owner(name.as_c_str(), user, group)?;
            }
        }
        if access.directory_mode != Access::DEFAULT.directory_mode {
            self.parent.change_mode(making, access.directory_mode)?;
        }
        access.owner.map_or(Ok(()), |(user, group)| self.parent.change_owner(making, user, group))
    }

    /// Puts the new set in the place of the old one; the name that the old one has now.
    ///
    /// In one step from 6.1 on. Before, nothing has the name for a moment; both sets are attached meanwhile, and a process
    /// that is killed in that moment leaves what the next run puts back.
    fn swap(&self) -> Result<&CStr, Error> {
        let (name, making, replaced) =
            (self.name.as_c_str(), self.making.as_c_str(), self.replaced.as_c_str());
        match self.parent.exchange(making, name) {
            Ok(()) => return Ok(making),
            Err(Errno::EINVAL) => {}
            Err(errno) => return Err(Error::system(Step::Pin, Call::Rename, errno)),
        }
        self.parent.rename(name, replaced, Step::Pin)?;
        match self.parent.rename(making, name, Step::Pin) {
            Ok(()) => Ok(replaced),
            Err(error) => {
                // Once more, should the error not last; else the next run puts it back.
                let back = || self.parent.rename(replaced, name, Step::Pin);
                let _ = back().or_else(|_| back());
                Err(error)
            }
        }
    }

    /// Takes a set away: from one moment to the next nothing has the name, then what it held is removed.
    fn retire(&self, set: &Directory, foreign: bool) -> Result<(), Error> {
        if foreign {
            set.names(Step::Unpin, &mut |name| {
                if marker::is_marker(name) { Ok(()) } else { set.unlink(name) }
            })?;
        } else {
            self.require_own(set, Step::Unpin)?;
        }
        let making = self.making.as_c_str();
        self.parent.rename(self.name.as_c_str(), making, Step::Unpin)?;
        self.remove_set(making)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.parent.unlock();
    }
}

/// A program that can be attached and is to be pinned is attached: else the set would promise what it does not hold.
fn require_links<S: Skeleton + ?Sized>(skeleton: &S) -> Result<(), Error> {
    for (index, program) in skeleton.plan().programs.iter().enumerate() {
        let expected =
            program.pin.is_some() && skeleton.program_at(index).is_some_and(Program::is_attached_with_all);
        if expected && skeleton.link_at(index).is_none() {
            return Err(Error::new(Step::Pin, ErrorKind::NotAttached).with_item(program.name));
        }
    }
    Ok(())
}

/// What of a skeleton is pinned: the name of the pin, what it is of, and its descriptor. Links come first.
fn pins<S: Skeleton + ?Sized>(skeleton: &S) -> impl Iterator<Item = (&'static str, &'static str, &Fd)> {
    let plan = skeleton.plan();
    let links = plan
        .programs
        .iter()
        .enumerate()
        .filter_map(|(index, program)| Some((program.pin?, program.name, skeleton.link_at(index)?.fd())));
    let maps = plan
        .maps
        .iter()
        .enumerate()
        .filter_map(|(index, map)| Some((map.pin?, map.name, skeleton.map_at(index)?.fd())));
    links.chain(maps)
}

/// Maps of the old set that the new one takes over.
pub(crate) struct Carried<'a> {
    from: Option<&'a Directory>,
}

impl Carried<'_> {
    pub(crate) const NOTHING: Self = Self { from: None };

    /// The map to be used in the place of a new one; none when one is to be made.
    pub(crate) fn map(
        &self,
        plan: &'static MapPlan,
        wanted: impl FnOnce() -> Result<MapProperties, Error>,
    ) -> Result<Option<Fd>, Error> {
        let (Some(from), Some(pin)) = (self.from, plan.pin) else { return Ok(None) };
        if plan.holds_programs() {
            // They are code of the object, and those of the old set go on with the old ones until they are gone.
            return Ok(None);
        }
        wanted()?.find(from, plan.name, pin)
    }
}

/// Loads, attaches and publishes.
pub(crate) fn preload<S: Skeleton, const PROGRAMS: usize>(
    plan: &'static Plan,
    options: &Preload,
    settings: u64,
    load: impl FnOnce(&Carried<'_>) -> Result<S, Error>,
) -> Result<Preloaded<S>, Error> {
    let place = place(plan, options.bpffs.clone(), options.wait, Step::Preload)?;
    let digest = Digest { plan: plan.digest, settings };
    let old = place.published(Step::Preload)?;
    if let Some(old) = &old {
        let refused = |kind| Err(place.parent.error(Step::Preload, kind, place.name.as_c_str()));
        match options.existing {
            Existing::Refuse => return refused(ErrorKind::AlreadyPinned),
            Existing::Keep if Place::is_same(old, digest)? => return Ok(Preloaded::Kept),
            Existing::Keep => return refused(ErrorKind::DifferentlyPinned),
            Existing::Replace => place.require_own(old, Step::Preload)?,
        }
    }

    let mut skeleton = load(&Carried { from: old.as_ref().filter(|_| options.carry_maps) })?;
    let _left_to_the_caller: Unattached<PROGRAMS> = attach(&mut skeleton)?;
    place.publish(&skeleton, digest, options.access, old.is_some())?;
    Ok(if old.is_some() { Preloaded::Replaced(skeleton) } else { Preloaded::New(skeleton) })
}

/// Pins a skeleton that is loaded already, under a path of the caller's.
pub(crate) fn pin<S: Skeleton + ?Sized>(skeleton: &S, path: &CPath) -> Result<(), Error> {
    let place = Place::lock(path.parent(), &path.name(), false, Step::Pin)?;
    if place.published(Step::Pin)?.is_some() {
        return Err(place.parent.error(Step::Pin, ErrorKind::AlreadyPinned, place.name.as_c_str()));
    }
    // What was chosen before load is not known any more: this is never the same as what a preload would make.
    let digest = Digest { plan: skeleton.plan().digest, settings: u64::MAX };
    place.publish(skeleton, digest, Access::DEFAULT, false)
}

/// Removes the set at a path of the caller's.
pub(crate) fn unpin(path: &CPath) -> Result<(), Error> {
    retire(&Place::lock(path.parent(), &path.name(), false, Step::Unpin)?, false)
}

/// Removes the set that [`preload`] has published.
pub(crate) fn unpin_preloaded(plan: &'static Plan, removal: &Removal) -> Result<(), Error> {
    retire(&place(plan, removal.bpffs.clone(), removal.wait, Step::Unpin)?, removal.foreign)
}

fn retire(place: &Place, foreign: bool) -> Result<(), Error> {
    match place.published(Step::Unpin)? {
        Some(set) => place.retire(&set, foreign),
        None => Err(place.parent.missing(Step::Unpin, place.name.as_c_str())),
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
    Place::lock(bpffs, &name, wait, step)
}
