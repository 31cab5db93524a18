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
pub(crate) mod perf;
mod place;
pub(crate) mod places;
mod trace;
mod tracefs;
mod tracepoint;
pub(crate) mod traffic;
pub(crate) mod unpinned;
#[cfg(feature = "uprobes")]
mod uprobe;

use by::Attaching;
pub(crate) use by::By;
pub(crate) use choices::AttachChoices;
pub(crate) use place::{Attached, Loaded, is_at};

use crate::error::Error;
use crate::handles::{Handle, Link};
use crate::skeleton::{Skeleton, Unattached};

/// `BPF_PROG_TYPE_STRUCT_OPS`.
const STRUCT_OPS: u32 = 27;

/// Attaches every program whose target is known and that is not attached; all of them or none.
pub(crate) fn attach<S: Skeleton, const PROGRAMS: usize>(
    skeleton: &mut S,
) -> Result<Unattached<PROGRAMS>, Error> {
    let plan = skeleton.plan();
    let mut left = [false; PROGRAMS];
    let mut new = [const { None }; PROGRAMS];
    attach_all(skeleton, &mut left, &mut new)?;
    operations::attach(skeleton)?;
    for (index, link) in new.into_iter().enumerate() {
        if let (Some(link), Some(slot)) = (link, skeleton.link_slot(index)) {
            *slot = Some(link);
        }
    }
    Ok(Unattached { plan, left })
}

/// The links that are to be made, and the programs that are left.
fn attach_all(skeleton: &dyn Skeleton, left: &mut [bool], new: &mut [Option<Link>]) -> Result<(), Error> {
    for (index, (left, new)) in left.iter_mut().zip(new).enumerate() {
        let Some(program) = skeleton.program_at(index) else { continue };
        let Some(fd) = program.fd().filter(|_| skeleton.link_at(index).is_none()) else { continue };
        let plan = program.plan();
        // Their operations are what is attached.
        if plan.program_type == STRUCT_OPS {
            continue;
        }
        let choices = program.choices();
        let Some(attachment) = plan.attach.as_ref().filter(|_| choices.autoattach) else {
            *left = true;
            continue;
        };
        let attaching = Attaching { plan, fd, to: attachment.to, cookie: choices.cookie, skeleton };
        let link = attachment.by.call(&attaching).map_err(|error| error.with_item(plan.name))?;
        *new = Some(Link::from_fd(link, plan));
    }
    Ok(())
}
