//! Where sets of pins are: one that is published, one that is being made, one that is on its way out.

use core::ffi::CStr;

use super::in_place;
use crate::directory::Directory;
use crate::error::{Error, ErrorKind, Step};
use crate::marker::{self, Digest, Marker};
use crate::path::CPath;
use crate::preload::Access;
use crate::skeleton::Skeleton;
use crate::struct_ops::have_link;
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

/// A set in the making.
pub(crate) struct Staged {
    pub(super) directory: Directory,
    /// How many markers it has.
    markers: u32,
}

/// The directory that sets are in, locked, and the names of one of them.
pub(crate) struct Place {
    pub(super) parent: Directory,
    pub(super) names: Names,
    /// What is done with each thing before its pin is removed.
    withdraw: Option<fn(&Fd)>,
}

impl Place {
    /// Locks the directory `parent`, and puts back what killed processes have left of the set `name`.
    pub(crate) fn lock(
        parent: CPath,
        name: CPath,
        wait: bool,
        step: Step,
        withdraw: Option<fn(&Fd)>,
    ) -> Result<Self, Error> {
        let place = Self { parent: Directory::open(parent)?, names: Names::of(name, step)?, withdraw };
        place.parent.lock(wait, step)?;
        place.recover_replaced(step)?;
        Ok(place)
    }

    /// From now on, what is in force stays so when its pin is removed: somebody else has put it there.
    pub(super) fn keep_in_force(&mut self) {
        self.withdraw = None;
    }

    /// The published set; none when there is none.
    pub(super) fn published(&self, step: Step) -> Result<Option<Directory>, Error> {
        self.parent.child(self.names.set(), step)
    }

    /// Finishes or undoes what a killed process was at with an old set.
    fn recover_replaced(&self, step: Step) -> Result<(), Error> {
        let (name, replaced) = (self.names.set(), self.names.replaced());
        if self.is_left_over(replaced, step)? {
            // Between the two renames of a replacement nothing has the name: the old set is still whole.
            match self.published(step)? {
                None => self.parent.rename(replaced, name, step)?,
                Some(_) => self.remove_set(replaced)?,
            }
        }
        Ok(())
    }

    /// Undoes what a killed process was at with a new set, or finishes its way out.
    pub(super) fn recover_making(&self, step: Step) -> Result<(), Error> {
        let making = self.names.making();
        if self.is_left_over(making, step)? { self.abandon(making) } else { Ok(()) }
    }

    /// Makes the directory of a new set. It comes before everything that is to be in the set: that the directory can be made tells
    /// that nobody has left one, whose programs might be attached where the new ones go.
    pub(super) fn stage(&self) -> Result<Staged, Error> {
        let make = || self.parent.make_child(self.names.making(), Access::DEFAULT.directory_mode, Step::Pin);
        let directory = match make() {
            Err(error) if error.errno() == Some(Errno::EEXIST) => {
                self.recover_making(Step::Pin)?;
                make()
            }
            made => made,
        }?;
        Ok(Staged { directory, markers: 0 })
    }

    /// Undoes what a set in the making has done to the published one, and removes it.
    fn abandon(&self, name: &CStr) -> Result<(), Error> {
        if let Some(set) = self.parent.child(name, Step::Update)? {
            in_place::undo_all(&set).or_else(|_| in_place::undo_all(&set))?;
        }
        self.remove_set(name)
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
    pub(super) fn remove_set(&self, name: &CStr) -> Result<(), Error> {
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
            } else if marker::undo_number(left).is_some() {
                directory.unlink(left)
            } else {
                Err(directory.error(Step::Unpin, ErrorKind::Foreign, left))
            }
        })?;
        if let Some(marker) = marker {
            marker.remove(&directory)?;
        }
        self.parent.remove_child(name)
    }

    /// Refuses a set that is not ours, or that something else lies in. What a killed process has left to undo a replacement that was
    /// complete is removed: it is of no use to the next one.
    pub(super) fn require_own(&self, set: &Directory, step: Step) -> Result<(), Error> {
        let Some(marker) = Marker::read(set, step)? else {
            return Err(self.parent.error(step, ErrorKind::Foreign, self.names.set()));
        };
        set.names(step, &mut |name| {
            if marker::undo_number(name).is_some() {
                set.unlink(name)
            } else if marker.covers(name) {
                Ok(())
            } else {
                Err(set.error(step, ErrorKind::Foreign, name))
            }
        })
    }

    /// Fills a new set with a skeleton's links and maps and publishes it where none is.
    pub(super) fn publish(
        &self,
        set: &mut Staged,
        skeleton: &dyn Skeleton,
        digest: Digest,
        access: Access,
    ) -> Result<(), Error> {
        let (name, making) = (self.names.set(), self.names.making());
        let filled = self.fill(set, skeleton, digest, access);
        self.or_abandon(filled.and_then(|()| self.parent.rename(making, name, Step::Pin)))
    }

    /// Removes a set in the making that could not be published.
    pub(super) fn or_abandon<T>(&self, made: Result<T, Error>) -> Result<T, Error> {
        if made.is_err() {
            // The error that counts is the first one; what cannot be undone or removed now is left to the next run.
            let _ = self.abandon(self.names.making());
        }
        made
    }

    pub(super) fn fill(
        &self,
        set: &mut Staged,
        skeleton: &dyn Skeleton,
        digest: Digest,
        access: Access,
    ) -> Result<(), Error> {
        require_links(skeleton)?;
        set.pin_all(pins(skeleton), digest, access)?;
        if access.directory_mode != Access::DEFAULT.directory_mode {
            self.parent.change_mode(self.names.making(), access.directory_mode)?;
        }
        if let Some((user, group)) = access.owner {
            self.parent.change_owner(self.names.making(), user, group)?;
        }
        Ok(())
    }

    /// Takes a set away: from one moment to the next nothing has the name, then what it held is removed.
    pub(super) fn retire(&self, set: &Directory, foreign: bool) -> Result<(), Error> {
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

/// Pins what nothing but its registration would hold, before it is registered: whoever comes after a killed process finds it, and can
/// take it out of force.
pub(crate) fn hold(
    set: &mut Staged,
    skeleton: &dyn Skeleton,
    digest: Digest,
    access: Access,
) -> Result<(), Error> {
    if held(skeleton).next().is_none() {
        return Ok(());
    }
    set.pin_all(held(skeleton), digest, access)
}

impl Staged {
    /// Records names, and pins what is to have them.
    fn pin_all<'a>(
        &mut self,
        pins: impl Iterator<Item = Pin<'a>> + Clone,
        digest: Digest,
        access: Access,
    ) -> Result<(), Error> {
        let set = &self.directory;
        self.markers = marker::write(set, digest, self.markers, pins.clone().map(|pin| pin.name))?;
        for Pin { name, item, fd } in pins {
            let name = CPath::new(name).map_err(|kind| Error::new(Step::Pin, kind).with_item(item))?;
            set.pin(fd, item, name.as_c_str())?;
            if let Some(mode) = access.pin_mode {
                set.change_mode(name.as_c_str(), mode)?;
            }
            if let Some((user, group)) = access.owner {
                set.change_owner(name.as_c_str(), user, group)?;
            }
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.parent.unlock();
    }
}

/// A program that can be attached and is to be pinned is attached: else the set would promise what it does not hold.
fn require_links(skeleton: &dyn Skeleton) -> Result<(), Error> {
    for (index, program) in skeleton.plan().programs.iter().enumerate() {
        let expected = program.pin.is_some()
            && program.instead_of.is_none()
            && skeleton
                .program_at(index)
                .is_some_and(|program| program.is_attached_with_all() && !program.choices().optional);
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

/// What is pinned: under which name, what it is called, and its descriptor.
#[derive(Clone, Copy)]
pub(super) struct Pin<'a> {
    name: &'static str,
    item: &'static str,
    fd: &'a Fd,
}

/// Operations without a link: once registered, they stay in force whoever holds their map.
pub(super) fn held(skeleton: &dyn Skeleton) -> impl Iterator<Item = Pin<'_>> + Clone {
    let plan = skeleton.plan();
    plan.struct_ops.iter().filter(|operations| !have_link(plan, operations)).filter_map(|operations| {
        let map = skeleton.map_at(operations.map)?;
        Some(Pin { name: operations.link.pin?, item: operations.link.name, fd: map.fd() })
    })
}

/// What else of a skeleton is pinned. Links come first.
fn pins(skeleton: &dyn Skeleton) -> impl Iterator<Item = Pin<'_>> + Clone {
    let plan = skeleton.plan();
    let links = plan.programs.iter().enumerate().filter_map(|(index, program)| {
        Some(Pin { name: program.pin?, item: program.name, fd: skeleton.link_at(index)?.fd() })
    });
    let operations = plan.struct_ops.iter().enumerate().filter_map(|(index, operations)| {
        let link = skeleton.link_at(plan.programs.len() + index).filter(|_| have_link(plan, operations))?;
        Some(Pin { name: operations.link.pin?, item: operations.link.name, fd: link.fd() })
    });
    let maps = plan.maps.iter().enumerate().filter_map(|(index, map)| {
        Some(Pin { name: map.pin?, item: map.name, fd: skeleton.map_at(index)?.fd() })
    });
    links.chain(operations).chain(maps)
}
