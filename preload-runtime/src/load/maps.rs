//! The maps of the object: made, filled, frozen.

use crate::choice::MapChoice;
use crate::entries;
use crate::error::{Call, Error, Step};
use crate::plan::MapPlan;
use crate::privilege::Privilege;
use crate::sys::{Errno, Fd, bpf};
use crate::transaction::Carried;

/// Makes the maps of a plan, or takes those of the old set in their place.
pub(super) fn create<const MAPS: usize>(
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
                .map_or_else(|| create_map(plan, max_entries, choice, btf, privilege), Ok)
        });
        *slot = Some(fd.map_err(|error| error.with_item(plan.name))?);
    }
    Ok(maps)
}

fn create_map(
    plan: &'static MapPlan,
    max_entries: u32,
    choice: MapChoice<'_>,
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
    let fill = |contents| {
        bpf::map_fill(&fd, plan, contents)
            .map_err(|errno| Error::system(Step::FillMap, Call::MapUpdateElem, errno))
    };
    let chosen = choice.contents(plan).map_err(|errno| Error::system(Step::FillMap, Call::Mmap, errno))?;
    match &chosen {
        Some(contents) => fill(contents.bytes())?,
        None if plan.contents.is_empty() => {}
        None => fill(plan.contents)?,
    }
    if plan.frozen {
        bpf::map_freeze(&fd).map_err(|errno| Error::system(Step::FreezeMap, Call::MapFreeze, errno))?;
    }
    Ok(fd)
}
