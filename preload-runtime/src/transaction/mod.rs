//! Preloading as a transaction: what is published under the name of an object is a whole set of pins, or nothing.
//!
//! A set is made in a directory of another name and published by one rename. One preloader at a time works under a
//! directory; the lock is the kernel's, which lets it go when a process dies. What a killed process has left is found under the
//! names that only sets in the making and sets on their way out have, and removed by the next run.

use core::ffi::CStr;

use crate::attach::{attach, operations};
use crate::directory::Directory;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::handles::Program;
use crate::marker::{self, Digest, Marker};
use crate::path::CPath;
use crate::plan::{MapPlan, Plan};
use crate::preload::{Access, Existing, Preload, Preloaded, Removal};
use crate::properties::MapProperties;
use crate::skeleton::{Skeleton, Unattached};
use crate::status::{Expected, Status};
use crate::sys::{Errno, Fd, process};

/// Behind the name of a set: one that is being made, or is on its way out.
const IN_THE_MAKING: &str = "__new";
/// Behind the name of a set: the one that is being replaced, on kernels that cannot exchange two names.
const BEING_REPLACED: &str = "__old";

/// The names of a set, and of what lies beside it while it is made or replaced.
pub(crate) struct Names {
    set: CPath,
    making: CPath,
    replaced: CPath,
}

impl Names {
    pub(crate) fn of(set: CPath, step: Step) -> Result<Self, Error> {
        let beside = |suffix: &str| {
            let mut beside = set.clone();
            beside.push(suffix.as_bytes()).map_err(|kind| Error::new(step, kind))?;
            Ok::<_, Error>(beside)
        };
        Ok(Self { making: beside(IN_THE_MAKING)?, replaced: beside(BEING_REPLACED)?, set })
    }

    /// What is published has this name.
    pub(crate) fn set(&self) -> &CStr {
        self.set.as_c_str()
    }

    /// A set that is being made, or on its way out.
    pub(crate) fn making(&self) -> &CStr {
        self.making.as_c_str()
    }

    /// The set that is being replaced, on kernels that cannot exchange two names.
    pub(crate) fn replaced(&self) -> &CStr {
        self.replaced.as_c_str()
    }
}

/// The directory that sets are in, locked, and the names of one of them.
pub(crate) struct Place {
    parent: Directory,
    names: Names,
    /// What is done with each thing before its pin is removed.
    withdraw: Option<fn(&Fd)>,
}

impl Place {
    /// Locks the directory `parent`, and removes what killed processes have left of the set `name`.
    pub(crate) fn lock(
        parent: CPath,
        name: CPath,
        wait: bool,
        step: Step,
        plan: &'static Plan,
    ) -> Result<Self, Error> {
        let place = Self {
            parent: Directory::open(parent)?,
            names: Names::of(name, step)?,
            withdraw: plan.code.struct_ops.map(|calls| calls.unregister),
        };
        place.parent.lock(wait, step)?;
        place.recover(step)?;
        Ok(place)
    }

    /// The published set; none when there is none.
    fn published(&self, step: Step) -> Result<Option<Directory>, Error> {
        self.parent.child(self.names.set(), step)
    }

    /// Finishes or undoes what a killed process was at.
    fn recover(&self, step: Step) -> Result<(), Error> {
        let (name, making, replaced) = (self.names.set(), self.names.making(), self.names.replaced());
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
        if Marker::read(&directory, step)?.is_some() {
            return Ok(true);
        }
        // Killed before it was marked, or after the marks were removed: then it is empty.
        let foreign = || self.parent.error(step, ErrorKind::Foreign, name);
        directory.names(step, &mut |_| Err(foreign()))?;
        if self.parent.owner(name, step)? == Some(process::user()) { Ok(true) } else { Err(foreign()) }
    }

    /// Removes a set and its directory, with a second try that outlasts an error that does not last.
    fn remove_set(&self, name: &CStr) -> Result<(), Error> {
        self.try_to_remove_set(name).or_else(|_| self.try_to_remove_set(name))
    }

    /// It can be interrupted at any point and begun again.
    fn try_to_remove_set(&self, name: &CStr) -> Result<(), Error> {
        let Some(directory) = self.parent.child(name, Step::Unpin)? else { return Ok(()) };
        let marker = Marker::read(&directory, Step::Unpin)?;
        for pin in marker.iter().flat_map(Marker::names) {
            if let Some(withdraw) = self.withdraw {
                if let Some(pinned) = directory.get("", pin, Step::Unpin)? {
                    withdraw(&pinned);
                }
            }
            directory.unlink(pin)?;
        }
        // The markers go last: as long as anything else is there, the next run must be able to tell whose it is.
        directory.names(Step::Unpin, &mut |left| {
            if marker::is_marker(left) {
                Ok(())
            } else {
                Err(directory.error(Step::Unpin, ErrorKind::Foreign, left))
            }
        })?;
        if let Some(marker) = marker {
            marker.remove(&directory)?;
        }
        self.parent.remove_child(name)
    }

    /// Refuses a set that is not ours, or that something else lies in.
    fn require_own(&self, set: &Directory, step: Step) -> Result<(), Error> {
        let Some(marker) = Marker::read(set, step)? else {
            return Err(self.parent.error(step, ErrorKind::Foreign, self.names.set()));
        };
        set.names(step, &mut |name| {
            if marker.covers(name) { Ok(()) } else { Err(set.error(step, ErrorKind::Foreign, name)) }
        })
    }

    /// Whether the set is what would be preloaded, and all of it is there.
    fn is_same(set: &Directory, digest: Digest) -> Result<bool, Error> {
        let Some(marker) = Marker::read(set, Step::Preload)? else { return Ok(false) };
        Ok(marker.digest == digest && is_complete(set, &marker, Step::Preload)?)
    }

    /// Makes a set of a skeleton's links and maps and publishes it; in the place of the old one, if there is one.
    fn publish<S: Skeleton + ?Sized>(
        &self,
        skeleton: &S,
        digest: Digest,
        access: Access,
        replace: bool,
    ) -> Result<(), Error> {
        let (name, making) = (self.names.set(), self.names.making());
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
        let making = self.names.making();
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
        let (name, making, replaced) = (self.names.set(), self.names.making(), self.names.replaced());
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
        let making = self.names.making();
        self.parent.rename(self.names.set(), making, Step::Unpin)?;
        self.remove_set(making)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.parent.unlock();
    }
}

/// Whether a set belongs to the user of this process, or to the one that sets are given to. In a bpffs that everyone may write to,
/// anyone can make what looks like a set.
pub(crate) fn is_trusted(parent: &Directory, name: &CStr, access: Access, step: Step) -> Result<bool, Error> {
    let owner = parent.owner(name, step)?;
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

/// A program that can be attached and is to be pinned is attached: else the set would promise what it does not hold.
fn require_links<S: Skeleton + ?Sized>(skeleton: &S) -> Result<(), Error> {
    for (index, program) in skeleton.plan().programs.iter().enumerate() {
        let expected =
            program.pin.is_some() && skeleton.program_at(index).is_some_and(Program::is_attached_with_all);
        if expected && skeleton.link_at(index).is_none() {
            return Err(Error::new(Step::Pin, ErrorKind::NotAttached).with_item(program.name));
        }
    }
    for (index, operations) in skeleton.plan().struct_ops.iter().enumerate() {
        let link = skeleton.link_at(skeleton.plan().programs.len() + index);
        if operations.link.pin.is_some() && link.is_none() {
            return Err(Error::new(Step::Pin, ErrorKind::NotAttached).with_item(operations.link.name));
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
    let operations = plan.struct_ops.iter().enumerate().filter_map(|(index, operations)| {
        let link = skeleton.link_at(plan.programs.len() + index)?;
        Some((operations.link.pin?, operations.link.name, link.fd()))
    });
    links.chain(operations).chain(maps)
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
    let digest = Digest { plan: plan.digest, settings: Some(settings) };
    let old = place.published(Step::Preload)?;
    if let Some(old) = &old {
        let refused = |kind| Err(place.parent.error(Step::Preload, kind, place.names.set()));
        match options.existing {
            Existing::Refuse => return refused(ErrorKind::AlreadyPinned),
            _ if !is_trusted(&place.parent, place.names.set(), options.access, Step::Preload)? => {
                let error = place.parent.error(Step::Preload, ErrorKind::Foreign, place.names.set());
                return Err(
                    error.with_hint(Some("it belongs to another user: remove it, or preload elsewhere"))
                );
            }
            Existing::Keep if Place::is_same(old, digest)? => return Ok(Preloaded::Kept),
            Existing::Keep => return refused(ErrorKind::DifferentlyPinned),
            Existing::Replace => place.require_own(old, Step::Preload)?,
        }
    }

    let mut skeleton = load(&Carried { from: old.as_ref().filter(|_| options.carry_maps) })?;
    let _left_to_the_caller: Unattached<PROGRAMS> = attach(&mut skeleton)?;
    if let Err(error) = place.publish(&skeleton, digest, options.access, old.is_some()) {
        operations::withdraw(&mut skeleton);
        return Err(error);
    }
    Ok(if old.is_some() { Preloaded::Replaced(skeleton) } else { Preloaded::New(skeleton) })
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
pub(crate) fn pin<S: Skeleton + ?Sized>(skeleton: &S, path: &CPath) -> Result<(), Error> {
    let place = Place::lock(path.parent(), path.name(), false, Step::Pin, skeleton.plan())?;
    if place.published(Step::Pin)?.is_some() {
        return Err(place.parent.error(Step::Pin, ErrorKind::AlreadyPinned, place.names.set()));
    }
    // What was chosen before load is not known any more: this is never the same as what a preload would make.
    let digest = Digest { plan: skeleton.plan().digest, settings: None };
    place.publish(skeleton, digest, Access::DEFAULT, false)
}

/// Removes the set at a path of the caller's.
pub(crate) fn unpin(plan: &'static Plan, path: &CPath) -> Result<(), Error> {
    retire(&Place::lock(path.parent(), path.name(), false, Step::Unpin, plan)?, false)
}

/// Removes the set that [`preload`] has published.
pub(crate) fn unpin_preloaded(plan: &'static Plan, removal: &Removal) -> Result<(), Error> {
    retire(&place(plan, removal.bpffs.clone(), removal.wait, Step::Unpin)?, removal.foreign)
}

fn retire(place: &Place, foreign: bool) -> Result<(), Error> {
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
    Place::lock(bpffs, name, wait, step, plan)
}
