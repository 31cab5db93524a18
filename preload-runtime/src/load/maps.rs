//! The maps of the object: where each comes from.

use super::create;
use crate::choice::MapChoice;
use crate::entries;
use crate::error::Error;
use crate::plan::MapPlan;
use crate::privilege::Privilege;
use crate::sys::Fd;
use crate::transaction::Carried;

/// Makes the maps of a plan, or takes those of the old set in their place.
pub(super) fn gather<const MAPS: usize>(
    plans: &'static [MapPlan],
    choices: [MapChoice<'_>; MAPS],
    btf: Option<&Fd>,
    privilege: &mut Privilege<'_>,
    carried: &Carried<'_>,
) -> Result<[Option<Fd>; MAPS], Error> {
    let mut maps = [const { None }; MAPS];
    for ((plan, choice), slot) in plans.iter().zip(choices).zip(&mut maps) {
        let max_entries = choice.max_entries(plan);
        let fd = entries::effective(plan.map_type, max_entries).and_then(|max_entries| {
            carried
                .map(plan, max_entries)?
                .map_or_else(|| create::create(plan, max_entries, choice, btf, privilege), Ok)
        });
        *slot = Some(fd.map_err(|error| error.with_item(plan.name))?);
    }
    Ok(maps)
}
