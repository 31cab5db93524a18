//! What the generated code calls. Not for use by hand: names and shapes change with every release.

pub use crate::plan::check;
pub use crate::slot::Stored;

use crate::error::{Error, ErrorKind, Step};
use crate::handles::{Link, Map, Program};
use crate::path::{AsPath, CPath};
use crate::plan::{MapPlan, Plan, ProgramPlan};
use crate::privilege::Privilege;
use crate::skeleton::{OpenMap, OpenProgram, Skeleton, Unattached, named};
use crate::slot::Slot;
use crate::sys::Fd;
use crate::{attach, bpffs, load, pin};

/// The choices for a program, before they are made.
pub const fn open_program() -> OpenProgram {
    OpenProgram::DEFAULT
}

/// The choices for a map, before they are made.
pub const fn open_map(max_entries: u32) -> OpenMap {
    OpenMap::new(max_entries)
}

/// The handle of a map.
pub fn map(fd: Fd, plan: &'static MapPlan) -> Map {
    Map::new(fd, plan)
}

/// The handle of a program.
pub fn program(fd: Option<Fd>, plan: &'static ProgramPlan) -> Program {
    Program::new(fd, plan)
}

/// The handle of a link.
pub fn link(fd: Fd, plan: &'static ProgramPlan) -> Link {
    Link::new(fd, plan)
}

/// Loads an object.
pub fn load<S: Stored, const MAPS: usize, const PROGRAMS: usize>(
    plan: &'static Plan,
    maps: [Option<&OpenMap>; MAPS],
    programs: [&OpenProgram; PROGRAMS],
) -> Result<S, Error> {
    load_with(plan, maps, programs, Privilege::new(None))
}

/// Loads an object, with a token of a bpffs where it is refused without one.
pub fn load_with_token<S: Stored, const MAPS: usize, const PROGRAMS: usize>(
    plan: &'static Plan,
    maps: [Option<&OpenMap>; MAPS],
    programs: [&OpenProgram; PROGRAMS],
    bpffs: impl AsPath,
) -> Result<S, Error> {
    let bpffs = named(plan, path(Step::Bpffs, bpffs))?;
    load_with(plan, maps, programs, Privilege::new(Some(&bpffs)))
}

fn load_with<S: Stored, const MAPS: usize, const PROGRAMS: usize>(
    plan: &'static Plan,
    maps: [Option<&OpenMap>; MAPS],
    programs: [&OpenProgram; PROGRAMS],
    mut privilege: Privilege<'_>,
) -> Result<S, Error> {
    let loaded = named(plan, load::load(plan, maps, programs, &mut privilege))?;
    let mut fds = loaded.maps.into_iter().chain(loaded.programs);
    // All maps are there after a load that went well.
    S::from_fds(&mut fds).ok_or_else(|| Error::new(Step::CreateMap, ErrorKind::NotLoaded).of_object(plan))
}

/// Attaches what can be attached.
pub fn attach<S: Skeleton, const PROGRAMS: usize>(skeleton: &mut S) -> Result<Unattached<PROGRAMS>, Error> {
    named(skeleton.plan(), attach::attach(skeleton))
}

/// Pins all of a skeleton in a new directory.
pub fn pin<S: Skeleton>(skeleton: &S, directory: impl AsPath) -> Result<(), Error> {
    let pin = |directory: &CPath| pin::pin_all(skeleton, directory);
    named(skeleton.plan(), path(Step::Pin, directory).and_then(|directory| pin(&directory)))
}

/// Removes the pins of an object from a directory.
pub fn unpin(plan: &'static Plan, directory: impl AsPath) -> Result<(), Error> {
    let unpin = |directory: &CPath| pin::unpin_all(plan, directory);
    named(plan, path(Step::Unpin, directory).and_then(|directory| unpin(&directory)))
}

/// Pins one link.
pub fn pin_link(
    plan: &'static Plan,
    program: &'static ProgramPlan,
    link: Option<&Link>,
    path: impl AsPath,
) -> Result<(), Error> {
    let link = link.ok_or_else(|| Error::new(Step::Pin, ErrorKind::NotAttached).with_item(program.name));
    named(plan, link.and_then(|link| link.pin(path)))
}

/// Removes the pin of one link.
pub fn unpin_link(
    plan: &'static Plan,
    program: &'static ProgramPlan,
    path: impl AsPath,
) -> Result<(), Error> {
    named(plan, pin::unpin_one(program.name, path))
}

/// Loads, attaches and pins; nothing is left behind by a failure.
pub fn preload<S: Skeleton, const PROGRAMS: usize>(
    plan: &'static Plan,
    bpffs: impl AsPath,
    load: impl FnOnce() -> Result<S, Error>,
) -> Result<S, Error> {
    let directory = named(plan, directory(Step::Preload, plan, bpffs))?;
    // Before anything is loaded: this is the mistake made most often.
    named(plan, bpffs::require(&directory.parent()))?;
    let mut skeleton = load()?;
    let _left_to_the_caller: Unattached<PROGRAMS> = attach(&mut skeleton)?;
    named(plan, pin::pin_all(&skeleton, &directory))?;
    Ok(skeleton)
}

/// [`preload`] into a slot.
pub fn preload_static<S: Stored>(
    plan: &'static Plan,
    slot: &Slot<S>,
    preload: impl FnOnce() -> Result<S, Error>,
) -> Result<(), Error> {
    slot.fill(Error::new(Step::Preload, ErrorKind::AlreadyPreloaded).of_object(plan), preload)
}

/// Lets go of what a slot holds. Whether it held anything.
pub fn unload<S: Stored>(slot: &Slot<S>) -> bool {
    slot.clear()
}

/// Removes what [`preload`] has pinned under a bpffs.
pub fn unpin_preloaded(plan: &'static Plan, bpffs: impl AsPath) -> Result<(), Error> {
    named(plan, directory(Step::Unpin, plan, bpffs).and_then(|directory| pin::unpin_all(plan, &directory)))
}

fn directory(step: Step, plan: &'static Plan, bpffs: impl AsPath) -> Result<CPath, Error> {
    path(step, bpffs)?.join(plan.directory).map_err(|kind| Error::new(step, kind))
}

fn path(step: Step, path: impl AsPath) -> Result<CPath, Error> {
    CPath::new(path).map_err(|kind| Error::new(step, kind))
}
