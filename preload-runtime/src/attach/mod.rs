//! Carries out the second half of a plan: links.
//!
//! One module for each family of ways; each gives the descriptor of a link, or an error that says what the kernel's
//! answer means for programs of that kind.

pub(crate) mod by;
mod choices;
pub(crate) mod event;
mod file;
pub(crate) mod interface;
pub(crate) mod iterator;
mod kprobe;
mod kprobe_multi;
mod lines;
mod netlink;
pub(crate) mod network;
pub(crate) mod operations;
mod order;
mod pattern;
pub(crate) mod perf;
mod place;
pub(crate) mod places;
pub(crate) mod trace;
mod trace_multi;
mod traceable;
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
pub(crate) use place::{Attached, Loaded, is_at};

use crate::error::Error;
use crate::handles::{Handle, Link};
use crate::plan::Plan;
use crate::skeleton::{Skeleton, Unattached};
use crate::transaction::Predecessor;

/// `BPF_PROG_TYPE_STRUCT_OPS`.
const STRUCT_OPS: u32 = 27;

/// What is noted of each program and map of operations while they are attached.
pub(crate) struct Room<'a> {
    pub(crate) outcomes: &'a mut [Outcome],
    /// The maps of operations that have taken a link of the old set.
    pub(crate) operations: &'a mut [bool],
}

/// Attaches every program whose target is known and that is not attached; all of them or none.
pub(crate) fn attach<const PROGRAMS: usize>(
    skeleton: &mut dyn Skeleton,
) -> Result<Unattached<PROGRAMS>, Error> {
    let plan = skeleton.plan();
    let mut done = [const { Outcome::NONE }; PROGRAMS];
    let mut unattached = Unattached { plan, left: [false; PROGRAMS], absent: [false; PROGRAMS] };
    attach_and_keep(skeleton, None, &mut done, &mut [])?;
    tell(&done, &mut unattached.left, &mut unattached.absent);
    Ok(unattached)
}

fn tell(done: &[Outcome], left: &mut [bool], absent: &mut [bool]) {
    for ((outcome, left), absent) in done.iter().zip(left).zip(absent) {
        (*left, *absent) = (outcome.left, outcome.absent);
    }
}

/// The same where an old set may be replaced, whose links have the old ones yet where they are taken.
pub(crate) fn attach_in_place(
    skeleton: &mut dyn Skeleton,
    predecessor: Option<Predecessor<'_>>,
    room: &mut Room<'_>,
) -> Result<(), Error> {
    let attached = attach_and_keep(skeleton, predecessor, room.outcomes, room.operations);
    if attached.is_err() {
        // The room outlives the lock on the directory; a link that was made must not.
        room.outcomes.fill_with(|| Outcome::NONE);
    }
    attached
}

/// What has come of a program.
pub(crate) struct Outcome {
    link: Option<Link>,
    /// It is left to the caller.
    left: bool,
    /// This kernel has nothing that it could be attached to.
    absent: bool,
    /// The link is that of the old set.
    pub(crate) taken: bool,
}

impl Outcome {
    pub(crate) const NONE: Self = Self { link: None, left: false, absent: false, taken: false };
}

fn attach_and_keep(
    skeleton: &mut dyn Skeleton,
    predecessor: Option<Predecessor<'_>>,
    done: &mut [Outcome],
    operations: &mut [bool],
) -> Result<(), Error> {
    attach_all(skeleton, predecessor, done)?;
    operations::attach(skeleton, predecessor, operations)?;
    for (index, outcome) in done.iter_mut().enumerate() {
        if let (Some(link), Some(slot)) = (outcome.link.take(), skeleton.link_slot(index)) {
            *slot = Some(link);
        }
    }
    Ok(())
}

/// The links that are to be made, and the programs that are left or cannot be attached to what this kernel has.
fn attach_all(
    skeleton: &dyn Skeleton,
    predecessor: Option<Predecessor<'_>>,
    done: &mut [Outcome],
) -> Result<(), Error> {
    for index in 0..done.len() {
        let Some(program) = skeleton.program_at(index) else { continue };
        let has_link = |index| {
            skeleton.link_at(index).is_some()
                || done.get(index).is_some_and(|outcome: &Outcome| outcome.link.is_some())
        };
        if is_served(skeleton.plan(), index, &has_link) {
            continue;
        }
        let Some(outcome) = done.get_mut(index) else { continue };
        let Some(fd) = program.fd() else {
            // What was to be loaded and is not there could not be, in this kernel.
            outcome.absent = program.choices().autoload;
            continue;
        };
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
        match attachment.by.call(&attaching) {
            Ok(link) => {
                outcome.link = Some(Link::from_fd(link, plan));
                outcome.taken = taken.get();
            }
            Err(error) if choices.optional && error.is_absence() => outcome.absent = true,
            Err(error) => return Err(error.with_item(plan.name)),
        }
    }
    Ok(())
}

/// Whether a program has what it is there for: it, or one that it stands in for.
pub(crate) fn is_served(plan: &'static Plan, index: usize, is_there: &dyn Fn(usize) -> bool) -> bool {
    let mut index = Some(index);
    while let Some(at) = index {
        if is_there(at) {
            return true;
        }
        // The stand-in always comes behind, as the plan's check has seen to.
        index = plan.programs.get(at).and_then(|program| program.instead_of);
    }
    false
}
