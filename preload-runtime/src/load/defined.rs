//! Maps that the source defines, which callers can choose things for. An object that has data sections only does without this
//! code: it is reached through what the choices are made with.

use super::create::create_empty;
use super::maps::Sources;
use crate::entries;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::plan::MapPlan;
use crate::privilege::Privilege;
use crate::properties::MapProperties;
use crate::skeleton::OpenMap;
use crate::sys::{Arena, Errno, Fd, page_size};

/// `BPF_MAP_TYPE_ARENA`.
const ARENA: u32 = 33;

/// [`existing`], as choices name it.
type Existing = fn(&'static MapPlan, &OpenMap, &mut Sources<'_, '_>) -> Result<Option<Fd>, Error>;
/// [`create`], as choices name it.
type Create = fn(&'static MapPlan, &OpenMap, Option<&Fd>, &mut Privilege<'_>) -> Result<Fd, Error>;
/// [`share`], as choices name it.
type Share = fn(usize, &'static MapPlan, &Fd, &mut Sources<'_, '_>) -> Result<bool, Error>;

/// What an object with such maps needs.
#[derive(Debug)]
pub(crate) struct Calls {
    pub(super) existing: Existing,
    pub(super) create: Create,
    pub(super) share: Share,
}

pub(crate) static CALLS: Calls = Calls { existing, create, share };

/// A map that is there already: the caller's, the shared one of that name, or that of the old set.
fn existing(
    plan: &'static MapPlan,
    open: &OpenMap,
    sources: &mut Sources<'_, '_>,
) -> Result<Option<Fd>, Error> {
    let wanted = || MapProperties::planned(plan, entries::effective(plan.map_type, open.max_entries())?);
    if let Some(given) = open.given() {
        let map = given.map_err(|errno| Error::new(Step::CreateMap, ErrorKind::System(errno)))?;
        wanted()?.require(&map)?;
        return Ok(Some(map));
    }
    if open.pinned_by_name() {
        return sources.shared.find(plan, &wanted()?);
    }
    sources.carried.map(plan, wanted)
}

/// Makes a map. What its inner maps are like is shown to the kernel by one that goes again.
fn create(
    plan: &'static MapPlan,
    open: &OpenMap,
    btf: Option<&Fd>,
    privilege: &mut Privilege<'_>,
) -> Result<Fd, Error> {
    let max_entries = entries::effective(plan.map_type, open.max_entries())?;
    let inner = match plan.inner {
        Some(inner) => {
            let max_entries = entries::effective(inner.map_type, inner.max_entries)?;
            Some(create_empty(inner, max_entries, None, btf, privilege)?)
        }
        None => None,
    };
    let fd = create_empty(plan, max_entries, inner.as_ref(), btf, privilege)?;
    if plan.map_type == ARENA {
        fill_arena(plan, max_entries, &fd)?;
    }
    Ok(fd)
}

/// An arena has an address, which programs need, once it was mapped; its pages stay when it is unmapped again.
fn fill_arena(plan: &'static MapPlan, max_entries: u32, fd: &Fd) -> Result<(), Error> {
    let len = max_entries as usize * page_size() as usize;
    let arena = Arena::map(fd, plan.map_extra, len).map_err(|errno| {
        let hint = (errno == Errno::EEXIST)
            .then_some("something else is at the address that the definition gives the arena (map_extra)");
        Error::system(Step::FillMap, Call::Mmap, errno).with_hint(hint)
    })?;
    if plan.arena.is_empty() {
        return Ok(());
    }
    arena.write(plan.arena).map_err(|errno| {
        let hint = (errno == Errno::E2BIG).then_some("the arena has fewer pages than its variables take");
        Error::system(Step::FillMap, Call::ProcessVmWritev, errno).with_hint(hint)
    })
}

/// Pins a new map that is shared by its name; whether nobody else was faster.
fn share(
    index: usize,
    plan: &'static MapPlan,
    map: &Fd,
    sources: &mut Sources<'_, '_>,
) -> Result<bool, Error> {
    sources.shared.pin(index, plan, map)
}
