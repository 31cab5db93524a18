//! Carries out the second half of a plan: links.
//!
//! One module for each family of ways; each gives the descriptor of a link, or an error that says what the kernel's
//! answer means for programs of that kind.

mod choices;
mod kprobe;
mod perf;
mod trace;
mod tracefs;
mod tracepoint;

pub(crate) use choices::AttachChoices;

use crate::error::Error;
use crate::handles::{Handle, Link, Program};
use crate::plan::Attach;
use crate::skeleton::{Skeleton, Unattached};
use crate::sys::Fd;

/// Attaches every program whose target is known and that is not attached; all of them or none.
pub(crate) fn attach<S: Skeleton + ?Sized, const PROGRAMS: usize>(
    skeleton: &mut S,
) -> Result<Unattached<PROGRAMS>, Error> {
    let plan = skeleton.plan();
    let mut left = [false; PROGRAMS];
    let mut new = [const { None }; PROGRAMS];
    for index in 0..plan.programs.len() {
        let Some(program) = skeleton.program_at(index) else { continue };
        let Some(fd) = program.fd().filter(|_| skeleton.link_at(index).is_none()) else { continue };
        if !program.is_attached_with_all() {
            left[index] = true;
            continue;
        }
        let link = attach_program(program, fd).map_err(|error| error.with_item(program.name()))?;
        new[index] = link.map(|link| Link::from_fd(link, program.plan()));
    }
    for (index, link) in new.into_iter().enumerate() {
        if let (Some(link), Some(slot)) = (link, skeleton.link_slot(index)) {
            *slot = Some(link);
        }
    }
    Ok(Unattached { plan, left })
}

/// The link of a program; none when its target is not known.
fn attach_program(program: &Program, fd: &Fd) -> Result<Option<Fd>, Error> {
    let plan = program.plan();
    let cookie = program.choices().cookie;
    let link = match plan.attach {
        Attach::Manual => return Ok(None),
        Attach::Iterator => trace::iterator(plan, fd),
        Attach::RawTracepoint(name) => trace::raw_tracepoint(fd, name, cookie),
        Attach::Trace => trace::trace(plan, fd, cookie),
        Attach::Tracepoint { category, name } => tracepoint::attach(fd, category, name, cookie),
        Attach::Kprobe { function, offset, retprobe } => {
            kprobe::attach(fd, function, offset, retprobe, cookie)
        }
        Attach::Ksyscall { name, retprobe } => kprobe::attach_syscall(fd, name, retprobe, cookie),
    };
    link.map(Some)
}
