//! Carries out the second half of a plan: links.
//!
//! One module for each family of ways; each gives the descriptor of a link, or an error that says what the kernel's
//! answer means for programs of that kind.

pub(crate) mod by;
mod choices;
mod file;
pub(crate) mod interface;
mod kprobe;
mod kprobe_multi;
mod lines;
mod netlink;
pub(crate) mod network;
pub(crate) mod operations;
mod order;
mod pattern;
mod perf;
mod place;
pub(crate) mod places;
mod trace;
mod tracefs;
mod tracepoint;
pub(crate) mod traffic;
pub(crate) mod unpinned;
#[cfg(feature = "uprobes")]
mod uprobe;

use core::cell::Cell;

use by::Attaching;
pub(crate) use by::By;
pub(crate) use choices::AttachChoices;
pub(crate) use place::{Attached, Loaded};

use crate::error::Error;
use crate::handles::{Handle, Link};
use crate::skeleton::{Skeleton, Unattached};
use crate::transaction::Predecessor;

/// `BPF_PROG_TYPE_STRUCT_OPS`.
const STRUCT_OPS: u32 = 27;

/// Attaches every program whose target is known and that is not attached; all of them or none.
pub(crate) fn attach<S: Skeleton, const PROGRAMS: usize>(
    skeleton: &mut S,
) -> Result<Unattached<PROGRAMS>, Error> {
    let plan = skeleton.plan();
    let mut done = [const { Outcome::NONE }; PROGRAMS];
    attach_and_keep(skeleton, None, &mut done)?;
    Ok(Unattached { plan, left: done.map(|outcome| outcome.left) })
}

/// The same where an old set is replaced: which programs have taken its links, because the kernel allows one program there.
/// Those links have the old programs yet.
pub(crate) fn attach_in_place<S: Skeleton, const PROGRAMS: usize>(
    skeleton: &mut S,
    predecessor: Option<Predecessor<'_>>,
) -> Result<[bool; PROGRAMS], Error> {
    let mut done = [const { Outcome::NONE }; PROGRAMS];
    attach_and_keep(skeleton, predecessor, &mut done)?;
    Ok(done.map(|outcome| outcome.taken))
}

/// What has come of a program.
struct Outcome {
    link: Option<Link>,
    /// It is left to the caller.
    left: bool,
    /// The link is that of the old set.
    taken: bool,
}

impl Outcome {
    const NONE: Self = Self { link: None, left: false, taken: false };
}

fn attach_and_keep<S: Skeleton>(
    skeleton: &mut S,
    predecessor: Option<Predecessor<'_>>,
    done: &mut [Outcome],
) -> Result<(), Error> {
    attach_all(skeleton, predecessor, done)?;
    operations::attach(skeleton)?;
    for (index, outcome) in done.iter_mut().enumerate() {
        if let (Some(link), Some(slot)) = (outcome.link.take(), skeleton.link_slot(index)) {
            *slot = Some(link);
        }
    }
    Ok(())
}

/// The links that are to be made, and the programs that are left.
fn attach_all(
    skeleton: &dyn Skeleton,
    predecessor: Option<Predecessor<'_>>,
    done: &mut [Outcome],
) -> Result<(), Error> {
    for (index, outcome) in done.iter_mut().enumerate() {
        let Some(program) = skeleton.program_at(index) else { continue };
        let Some(fd) = program.fd().filter(|_| skeleton.link_at(index).is_none()) else { continue };
        let plan = program.plan();
        // Their operations are what is attached.
        if plan.program_type == STRUCT_OPS {
            continue;
        }
        let choices = program.choices();
        let Some(attachment) = plan.attach.as_ref().filter(|_| choices.autoattach) else {
            outcome.left = true;
            continue;
        };
        let taken = Cell::new(false);
        let (to, cookie) = (attachment.to, choices.cookie);
        let attaching = Attaching { plan, fd, to, cookie, skeleton, predecessor, taken: &taken };
        let link = attachment.by.call(&attaching).map_err(|error| error.with_item(plan.name))?;
        outcome.link = Some(Link::from_fd(link, plan));
        outcome.taken = taken.get();
    }
    Ok(())
}
