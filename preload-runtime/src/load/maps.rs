//! The maps of the object: where each comes from.

use super::{create, operations, slots};
use crate::choice::MapChoice;
use crate::entries;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::plan::{MapPlan, Plan};
use crate::privilege::Privilege;
use crate::properties::MapProperties;
use crate::shared::SharedMaps;
use crate::skeleton::OpenMap;
use crate::struct_ops::Fitted;
use crate::sys::{Errno, Fd};
use crate::transaction::Carried;

/// Where maps may come from that are there already.
pub(crate) struct Sources<'a, const MAPS: usize> {
    pub(crate) carried: &'a Carried<'a>,
    pub(crate) shared: &'a mut SharedMaps<MAPS>,
}

/// The maps of a plan, by index.
struct Maps<const MAPS: usize> {
    fds: [Option<Fd>; MAPS],
    /// Those that were made just now.
    new: [bool; MAPS],
}

/// Makes the maps of a plan, or takes others in their place, with what is in their slots from the start.
pub(super) fn gather<const MAPS: usize>(
    plan: &'static Plan,
    choices: [MapChoice<'_>; MAPS],
    fitted: &[Option<Fitted>; MAPS],
    btf: Option<&Fd>,
    privilege: &mut Privilege<'_>,
    sources: &mut Sources<'_, MAPS>,
) -> Result<[Option<Fd>; MAPS], Error> {
    // A map is pinned by its name when it is complete. Where another process was faster, its map is used, and all that
    // refers to ours is made again; each round finds at least one map more.
    for _ in 0..=MAPS {
        let maps = make_all(plan, choices, fitted, btf, privilege, sources)?;
        slots::fill_with_maps(plan, &maps.fds, &maps.new)?;
        if pin_by_name(plan, choices, &maps, sources.shared)? {
            return Ok(maps.fds);
        }
    }
    let busy = Error::system(Step::Pin, Call::ObjPin, Errno::EEXIST);
    Err(busy.with_hint(Some("others pin and unpin maps of these names all the time; try again")))
}

fn make_all<const MAPS: usize>(
    plan: &'static Plan,
    choices: [MapChoice<'_>; MAPS],
    fitted: &[Option<Fitted>; MAPS],
    btf: Option<&Fd>,
    privilege: &mut Privilege<'_>,
    sources: &mut Sources<'_, MAPS>,
) -> Result<Maps<MAPS>, Error> {
    let mut maps = Maps { fds: [const { None }; MAPS], new: [false; MAPS] };
    let slots = maps.fds.iter_mut().zip(&mut maps.new).zip(fitted);
    for ((plan, choice), ((fd, new), fitted)) in plan.maps.iter().zip(choices).zip(slots) {
        let max_entries = choice.max_entries(plan);
        let map = entries::effective(plan.map_type, max_entries).and_then(|max_entries| {
            if let Some(map) = existing(plan, choice.open(), max_entries, sources)? {
                return Ok(map);
            }
            *new = true;
            if let Some(fitted) = fitted {
                return operations::create(plan, fitted, btf, privilege);
            }
            create::create(plan, max_entries, choice, btf, privilege)
        });
        *fd = Some(map.map_err(|error| error.with_item(plan.name))?);
    }
    Ok(maps)
}

/// A map that is there already: the caller's, the shared one of that name, or that of the old set.
fn existing<const MAPS: usize>(
    plan: &'static MapPlan,
    open: Option<&OpenMap>,
    max_entries: u32,
    sources: &mut Sources<'_, MAPS>,
) -> Result<Option<Fd>, Error> {
    let wanted = || MapProperties::planned(plan, max_entries);
    if let Some(given) = open.and_then(OpenMap::given) {
        let map = given.map_err(|errno| Error::new(Step::CreateMap, ErrorKind::System(errno)))?;
        wanted()?.require(&map)?;
        return Ok(Some(map));
    }
    if open.is_some_and(OpenMap::pinned_by_name) {
        return sources.shared.find(plan, &wanted()?);
    }
    sources.carried.map(plan, wanted)
}

/// Pins the new ones of the maps that are shared; whether nobody else was faster.
fn pin_by_name<const MAPS: usize>(
    plan: &'static Plan,
    choices: [MapChoice<'_>; MAPS],
    maps: &Maps<MAPS>,
    shared: &mut SharedMaps<MAPS>,
) -> Result<bool, Error> {
    for (index, (plan, choice)) in plan.maps.iter().zip(choices).enumerate() {
        let (Some(Some(map)), Some(true)) = (maps.fds.get(index), maps.new.get(index)) else { continue };
        if choice.open().is_some_and(OpenMap::pinned_by_name) && !shared.pin(index, plan, map)? {
            return Ok(false);
        }
    }
    Ok(true)
}
