//! What may be chosen about attaching a program.

use crate::plan::ProgramPlan;

/// The choices for one program: those of its plan, unless they are changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttachChoices {
    /// Whether it is attached with all others.
    pub(crate) autoattach: bool,
    /// What `bpf_get_attach_cookie` gives the program; 0 for nothing.
    pub(crate) cookie: u64,
}

impl AttachChoices {
    pub(crate) const fn of(plan: &'static ProgramPlan) -> Self {
        Self { autoattach: plan.autoattach, cookie: plan.cookie }
    }
}
