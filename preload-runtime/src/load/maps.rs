//! The maps of the object: made, filled, frozen.

use crate::entries;
use crate::error::{Call, Error, Step};
use crate::plan::MapPlan;
use crate::privilege::Privilege;
use crate::skeleton::OpenMap;
use crate::sys::{Errno, Fd, bpf};
use crate::transaction::Carried;

/// Makes the maps of a plan, or takes those of the old set in their place.
pub(super) fn create<const MAPS: usize>(
    plans: &'static [MapPlan],
    choices: [Option<&OpenMap>; MAPS],
    btf: Option<&Fd>,
    privilege: &mut Privilege<'_>,
    carried: &Carried<'_>,
) -> Result<[Option<Fd>; MAPS], Error> {
    let mut maps = [const { None }; MAPS];
    for ((plan, open), slot) in plans.iter().zip(choices).zip(&mut maps) {
        let max_entries = open.map_or(plan.max_entries, OpenMap::max_entries);
        let fd = entries::effective(plan.map_type, max_entries).and_then(|max_entries| {
            carried.map(plan, max_entries)?.map_or_else(|| create_map(plan, max_entries, btf, privilege), Ok)
        });
        *slot = Some(fd.map_err(|error| error.with_item(plan.name))?);
    }
    Ok(maps)
}

fn create_map(
    plan: &'static MapPlan,
    max_entries: u32,
    btf: Option<&Fd>,
    privilege: &mut Privilege<'_>,
) -> Result<Fd, Error> {
    let mut create = |max_entries| privilege.call(|token| bpf::map_create(plan, max_entries, btf, token));
    let fd = create(max_entries).or_else(|errno| {
        // What counts is the reason for the first refusal.
        match entries::with_larger_pages(plan.map_type, max_entries) {
            Some(larger) if errno == Errno::EINVAL => create(larger).map_err(|_| errno),
            _ => Err(errno),
        }
    });
    let fd = fd.map_err(|errno| {
        let hint = (errno == Errno::EINVAL)
            .then_some("the kernel does not take this type, size or number of entries for a map");
        Error::system(Step::CreateMap, Call::MapCreate, errno).with_hint(hint)
    })?;
    if !plan.contents.is_empty() {
        bpf::map_fill(&fd, plan, plan.contents)
            .map_err(|errno| Error::system(Step::FillMap, Call::MapUpdateElem, errno))?;
    }
    // Values of the kernel's configuration are yet to come.
    if plan.frozen && plan.config.is_empty() {
        bpf::map_freeze(&fd).map_err(|errno| Error::system(Step::FreezeMap, Call::MapFreeze, errno))?;
    }
    Ok(fd)
}
