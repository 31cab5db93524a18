//! Programs whose target the caller gives: with the attribute's settings, or with the methods of typed handles.

use crate::error::Error;
use crate::plan::ProgramPlan;
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
