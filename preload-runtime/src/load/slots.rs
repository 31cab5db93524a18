//! What the slots of maps of maps and of program arrays hold from the start.

use crate::error::{Call, Error, Step};
use crate::plan::{Plan, SlotItem};
use crate::sys::{Errno, Fd, bpf};

/// Puts maps into the slots of new maps, once all of them are there.
pub(super) fn fill_with_maps(plan: &'static Plan, maps: &[Option<Fd>], new: &[bool]) -> Result<(), Error> {
    let new = maps.iter().zip(new).map(|(map, &new)| map.as_ref().filter(|_| new));
    fill(plan, new, |item| match item {
        SlotItem::Map(index) => maps.get(index)?.as_ref(),
        SlotItem::Program(_) => None,
    })
}

/// Puts programs into the slots of program arrays; a program that was left out leaves its slot empty.
pub(super) fn fill_with_programs(
    plan: &'static Plan,
    maps: &[Option<Fd>],
    programs: &[Option<Fd>],
) -> Result<(), Error> {
    fill(plan, maps.iter().map(Option::as_ref), |item| match item {
        SlotItem::Map(_) => None,
        SlotItem::Program(index) => programs.get(index)?.as_ref(),
    })
}

fn fill<'a>(
    plan: &'static Plan,
    maps: impl Iterator<Item = Option<&'a Fd>>,
    find: impl Fn(SlotItem) -> Option<&'a Fd>,
) -> Result<(), Error> {
    for (plan, map) in plan.maps.iter().zip(maps) {
        let Some(map) = map else { continue };
        for slot in plan.slots {
            let Some(item) = find(slot.item) else { continue };
            bpf::map_set_slot(map, plan, slot.index, item).map_err(|errno| {
                let hint = match slot.item {
                    SlotItem::Map(_) if errno == Errno::EINVAL => {
                        Some("a map in a slot is not like what the definition says of its inner maps")
                    }
                    SlotItem::Program(_) if errno == Errno::EINVAL => {
                        Some("a program in a slot is of another type than the first one, or than a caller")
                    }
                    _ => None,
                };
                Error::system(Step::FillMap, Call::MapUpdateElem, errno).with_hint(hint).with_item(plan.name)
            })?;
        }
    }
    Ok(())
}
