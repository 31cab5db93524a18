//! The maps of the object: where each comes from.

use super::room::Room;
use super::{create, slots};
use crate::choice::MapChoice;
use crate::error::{Call, Error, Step};
use crate::plan::{MapPlan, Plan};
use crate::privilege::Privilege;
use crate::shared::SharedMaps;
use crate::skeleton::OpenMap;
use crate::struct_ops::Fitted;
use crate::sys::{Errno, Fd};
use crate::transaction::Carried;

/// Where maps may come from that are there already.
pub(crate) struct Sources<'a, 's> {
    pub(crate) carried: &'a Carried<'a>,
    pub(crate) shared: &'a mut SharedMaps<'s>,
}

/// Makes the maps of a plan, or takes others in their place, with what is in their slots from the start.
pub(super) fn gather(
    plan: &'static Plan,
    choices: &[MapChoice<'_>],
    btf: Option<&Fd>,
    privilege: &mut Privilege<'_>,
    sources: &mut Sources<'_, '_>,
    room: &mut Room<'_>,
) -> Result<(), Error> {
    // A map is pinned by its name when it is complete. Where another process was faster, its map is used, and all that
    // refers to ours is made again; each round finds at least one map more.
    for _ in 0..=plan.maps.len() {
        make_all(plan, choices, btf, privilege, sources, room)?;
        slots::fill_with_maps(plan, room.maps, room.new)?;
        if pin_by_name(plan, choices, sources, room)? {
            return Ok(());
        }
    }
    let busy = Error::system(Step::Pin, Call::ObjPin, Errno::EEXIST);
    Err(busy.with_hint(Some("others pin and unpin maps of these names all the time; try again")))
}

fn make_all(
    plan: &'static Plan,
    choices: &[MapChoice<'_>],
    btf: Option<&Fd>,
    privilege: &mut Privilege<'_>,
    sources: &mut Sources<'_, '_>,
    room: &mut Room<'_>,
) -> Result<(), Error> {
    room.maps.fill_with(|| None);
    let slots = room.maps.iter_mut().zip(&mut *room.new).zip(&*room.fitted);
    for ((map, choice), ((fd, new), fitted)) in plan.maps.iter().zip(choices).zip(slots) {
        let made = obtain(plan, map, *choice, fitted.as_ref(), btf, privilege, sources);
        let (made, is_new) = made.map_err(|error| error.with_item(map.name))?;
        (*fd, *new) = (Some(made), is_new);
    }
    Ok(())
}

/// A map, and whether it was made just now.
fn obtain(
    plan: &'static Plan,
    map: &'static MapPlan,
    choice: MapChoice<'_>,
    fitted: Option<&Fitted>,
    btf: Option<&Fd>,
    privilege: &mut Privilege<'_>,
    sources: &mut Sources<'_, '_>,
) -> Result<(Fd, bool), Error> {
    let open = choice.open();
    if let Some(open) = open {
        if let Some(there) = (open.calls().existing)(map, open, sources)? {
            return Ok((there, false));
        }
    }
    let made = match (plan.code.struct_ops.zip(fitted), open) {
        (Some((calls, fitted)), _) => (calls.create)(map, fitted, btf, privilege),
        (None, Some(open)) => (open.calls().create)(map, open, btf, privilege),
        (None, None) => create::section(map, choice, btf, privilege),
    };
    Ok((made?, true))
}

/// Pins the new ones of the maps that are shared; whether nobody else was faster.
fn pin_by_name(
    plan: &'static Plan,
    choices: &[MapChoice<'_>],
    sources: &mut Sources<'_, '_>,
    room: &Room<'_>,
) -> Result<bool, Error> {
    for (index, (plan, choice)) in plan.maps.iter().zip(choices).enumerate() {
        let (Some(Some(map)), Some(true)) = (room.maps.get(index), room.new.get(index)) else { continue };
        let Some(open) = choice.open().filter(|open| OpenMap::pinned_by_name(open)) else { continue };
        if !(open.calls().share)(index, plan, map, sources)? {
            return Ok(false);
        }
    }
    Ok(true)
}
