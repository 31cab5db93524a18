//! Operations: what puts them in force, and out of it.

use crate::error::Error;
use crate::handles::{Attachment, Handle, Link};
use crate::plan::StructOpsPlan;
use crate::skeleton::Skeleton;
use crate::sys::{Errno, Fd, bpf};
use crate::transaction::Predecessor;

/// Registers all operations that are not registered; all of them or none. Those whose name is that of operations in the set that is
/// being replaced take the link of these, which has the old ones yet: `taken`, by the index of the map.
pub(super) fn attach(
    skeleton: &mut dyn Skeleton,
    predecessor: Option<Predecessor<'_>>,
    taken: &mut [bool],
) -> Result<(), Error> {
    let plan = skeleton.plan();
    let Some(calls) = plan.code.struct_ops else { return Ok(()) };
    // Those that were registered before stay when a later one fails.
    let is_new =
        |skeleton: &dyn Skeleton, index: usize| skeleton.link_at(plan.programs.len() + index).is_none();
    let first =
        (0..plan.struct_ops.len()).find(|&index| is_new(skeleton, index)).unwrap_or(plan.struct_ops.len());
    for (index, operations) in plan.struct_ops.iter().enumerate().skip(first) {
        let Some(map) = skeleton.map_at(operations.map).filter(|_| is_new(skeleton, index)) else { continue };
        let program = |index| skeleton.program_at(index)?.fd().map(Fd::raw);
        let registered = match (calls.register)(plan, index, map.fd(), &program) {
            Err(error) => take(operations, map.fd(), predecessor, error).inspect(|_| {
                if let Some(taken) = taken.get_mut(operations.map) {
                    *taken = true;
                }
            }),
            registered => registered,
        };
        match registered {
            Ok(fd) => {
                if let Some(slot) = skeleton.link_slot(plan.programs.len() + index) {
                    *slot = Some(Link::from_fd(fd, &operations.link));
                }
            }
            Err(error) => {
                withdraw_from(skeleton, first);
                return Err(error.with_item(operations.link.name));
            }
        }
    }
    Ok(())
}

/// The link of the old set, if it has one of operations of this type; the error if it has none.
fn take(
    operations: &'static StructOpsPlan,
    map: &Fd,
    predecessor: Option<Predecessor<'_>>,
    error: Error,
) -> Result<Fd, Error> {
    let is_occupied = matches!(error.errno(), Some(Errno::EEXIST | Errno::EBUSY));
    let (Some(predecessor), true, Ok(ours)) = (predecessor, is_occupied, bpf::map_info(map)) else {
        return Err(error);
    };
    if ours.flags & bpf::F_LINK == 0 {
        return Err(error.with_hint(Some(
            "operations of that name are registered already, and those without a link (`.struct_ops`) cannot be exchanged: \
             unpin the old set, then preload; `bpftool struct_ops unregister` takes out what is in no set",
        )));
    }
    let link = predecessor.link(&operations.link, |there| {
        let Attachment::StructOps { map_id } = *there else { return Ok(false) };
        // A link that was detached has none.
        let theirs = bpf::map_by_id(map_id).and_then(|map| bpf::map_info(&map));
        Ok(theirs.is_ok_and(|theirs| theirs.kernel_value_type == ours.kernel_value_type))
    })?;
    link.ok_or(error)
}

/// Takes all operations out of force, which those without a link would not be when their descriptors are closed.
pub(crate) fn withdraw(skeleton: &mut dyn Skeleton) {
    withdraw_from(skeleton, 0);
}

fn withdraw_from(skeleton: &mut dyn Skeleton, first: usize) {
    let plan = skeleton.plan();
    let Some(calls) = plan.code.struct_ops else { return };
    for index in first..plan.struct_ops.len() {
        if let Some(link) = skeleton.link_slot(plan.programs.len() + index).and_then(Option::take) {
            (calls.unregister)(link.fd());
        }
    }
}
