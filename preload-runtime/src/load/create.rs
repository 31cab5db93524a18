//! One map: made as its plan says, in the forms that kernels take, and filled.

use crate::choice::MapChoice;
use crate::error::{Call, Error, Step};
use crate::plan::MapPlan;
use crate::privilege::Privilege;
use crate::sys::{Errno, Fd, bpf};

/// Makes the map of a data section.
pub(super) fn section(
    plan: &'static MapPlan,
    choice: MapChoice<'_>,
    btf: Option<&Fd>,
    privilege: &mut Privilege<'_>,
) -> Result<Fd, Error> {
    let fd = create_empty(plan, plan.max_entries, None, btf, privilege)?;
    let fill = |contents| {
        bpf::map_fill(&fd, plan, contents)
            .map_err(|errno| Error::system(Step::FillMap, Call::MapUpdateElem, errno))
    };
    let chosen = choice.contents().map_err(|errno| Error::system(Step::FillMap, Call::Mmap, errno))?;
    match &chosen {
        Some(contents) => fill(contents.bytes())?,
        None if plan.contents.is_empty() => {}
        None => fill(plan.contents)?,
    }
    // Values of the kernel's configuration are yet to come.
    if plan.frozen && plan.config.is_empty() {
        bpf::map_freeze(&fd).map_err(|errno| Error::system(Step::FreezeMap, Call::MapFreeze, errno))?;
    }
    Ok(fd)
}

pub(super) fn create_empty(
    plan: &'static MapPlan,
    max_entries: u32,
    inner: Option<&Fd>,
    btf: Option<&Fd>,
    privilege: &mut Privilege<'_>,
) -> Result<Fd, Error> {
    let btf = btf.filter(|_| plan.btf_value_type_id != 0);
    let mut create = |btf| privilege.call(|token| bpf::map_create(plan, max_entries, inner, btf, token));
    let fd = create(btf).or_else(|errno| match (errno, btf) {
        // Not every kernel takes every type for a key or a value, and the map is the same without. What needs the types
        // says so when it is loaded. What counts is the reason for the first refusal.
        (Errno::EINVAL | Errno::EOPNOTSUPP | Errno::ENOTSUPP, Some(_)) => create(None).map_err(|_| errno),
        _ => Err(errno),
    });
    fd.map_err(|errno| {
        let hint = (errno == Errno::EINVAL)
            .then_some("the kernel does not take this type, size or number of entries for a map");
        Error::system(Step::CreateMap, Call::MapCreate, errno).with_hint(hint)
    })
}
