//! Programs whose target the caller gives: with the attribute's settings, or with the methods of typed handles.

use super::interface;
use crate::error::Error;
use crate::handles::Attachment;
use crate::plan::{Attach, Place, ProgramPlan};
use crate::sys::process::Names;
use crate::sys::{Errno, Fd};

/// A program that is there to be attached.
pub(crate) struct Loaded<'a> {
    pub(crate) plan: &'static ProgramPlan,
    pub(crate) fd: &'a Fd,
}

/// A new link.
pub(crate) type Attached = Result<Fd, Error>;

/// What to say when a kernel is too old for what it has refused.
pub(super) fn too_old(errno: Errno, needed: (u32, u32), hint: &'static str) -> Option<&'static str> {
    let unknown = matches!(errno, Errno::EINVAL | Errno::E2BIG | Errno::EOPNOTSUPP | Errno::ENOTSUPP);
    (unknown && Names::of_kernel().numbers() < needed).then_some(hint)
}

/// Whether a link is where the plan says its program goes, as far as the plan tells one place from another.
pub(crate) fn is_at(plan: &'static ProgramPlan, link: &Attachment) -> Result<bool, Error> {
    let Some(Attach::To(place)) = plan.attach.as_ref().map(|attachment| attachment.to) else {
        return Ok(true);
    };
    let (planned, interface) = match (place, link) {
        (Place::Xdp { interface: planned, .. }, Attachment::Xdp { interface })
        | (Place::Tcx { interface: planned, .. }, Attachment::Tcx { interface, .. })
        | (Place::Netkit { interface: planned, .. }, Attachment::Netkit { interface, .. }) => {
            (planned, *interface)
        }
        _ => return Ok(true),
    };
    interface::index(planned).map(|index| index == interface).map_err(|error| error.with_item(plan.name))
}
