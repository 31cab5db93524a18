//! Carries out the second half of a plan: links.

mod file;
mod interface;
mod netlink;
pub(crate) mod network;
mod order;
mod place;
pub(crate) mod places;
pub(crate) mod traffic;
pub(crate) mod unpinned;

use self::place::to_place;
pub(crate) use self::place::{Attached, Loaded};
use crate::error::{Call, Error, Step};
use crate::handles::{Handle, Link, Map};
use crate::plan::{Attach, ProgramPlan};
use crate::skeleton::{Skeleton, Unattached};
use crate::sys::{Errno, Fd, bpf};

/// Attaches every program whose target is known and that is not attached; all of them or none.
pub(crate) fn attach<S: Skeleton + ?Sized, const PROGRAMS: usize>(
    skeleton: &mut S,
) -> Result<Unattached<PROGRAMS>, Error> {
    let plan = skeleton.plan();
    let mut left = [false; PROGRAMS];
    let mut new = [const { None }; PROGRAMS];
    for (index, program) in plan.programs.iter().enumerate() {
        let Some(fd) = skeleton.program_at(index).and_then(|program| program.fd()) else {
            continue;
        };
        if skeleton.link_at(index).is_some() {
            continue;
        }
        let maps = |index| skeleton.map_at(index);
        match attach_program(program, fd, &maps).map_err(|error| error.with_item(program.name))? {
            Some(link) => new[index] = Some(Link::from_fd(link, program)),
            None => left[index] = true,
        }
    }
    for (index, link) in new.into_iter().enumerate() {
        if let (Some(link), Some(slot)) = (link, skeleton.link_slot(index)) {
            *slot = Some(link);
        }
    }
    Ok(Unattached { plan, left })
}

/// The link of a program, or none when that is left to the caller.
fn attach_program<'a>(
    plan: &'static ProgramPlan,
    program: &Fd,
    maps: &dyn Fn(usize) -> Option<&'a Map>,
) -> Result<Option<Fd>, Error> {
    let open = Call::RawTracepointOpen;
    let (call, result) = match plan.attach {
        Attach::Manual => return Ok(None),
        Attach::To(place) => return to_place(&Loaded { plan, fd: program }, place, maps).map(Some),
        Attach::Iterator => (Call::LinkCreate, bpf::link_create(program, plan.attach_type)),
        Attach::RawTracepoint(name) => (open, bpf::raw_tracepoint_open(program, Some(name))),
        Attach::Trace => (open, bpf::raw_tracepoint_open(program, None)),
    };
    result.map(Some).map_err(|errno| {
        let hint = match (plan.attach, errno) {
            (Attach::RawTracepoint(_), Errno::ENOENT) => Some("this kernel has no tracepoint of that name"),
            (Attach::Trace, Errno::EBUSY) => Some("another program holds that target"),
            _ => None,
        };
        Error::system(Step::Attach, call, errno).with_hint(hint)
    })
}
