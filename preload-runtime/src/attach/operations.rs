//! Operations: what puts them in force, and out of it.

use crate::error::Error;
use crate::handles::{Handle, Link};
use crate::skeleton::Skeleton;
use crate::sys::Fd;

/// Registers all operations that are not registered; all of them or none.
pub(super) fn attach(skeleton: &mut dyn Skeleton) -> Result<(), Error> {
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
        match (calls.register)(plan, index, map.fd(), &program) {
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
