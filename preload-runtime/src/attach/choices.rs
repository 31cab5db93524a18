//! What may be chosen about attaching a program.

use crate::plan::ProgramPlan;

/// The choices for one program: those of its plan, unless they are changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttachChoices {
    /// Whether it was to be loaded.
    pub(crate) autoload: bool,
    /// Whether it is attached with all others.
    pub(crate) autoattach: bool,
    /// Whether a kernel without its target is no error.
    pub(crate) optional: bool,
    /// What `bpf_get_attach_cookie` gives the program; 0 for nothing.
    pub(crate) cookie: u64,
}

impl AttachChoices {
    pub(crate) const fn of(plan: &'static ProgramPlan) -> Self {
        Self {
            autoload: plan.autoload,
            autoattach: plan.autoattach,
            cookie: plan.cookie,
            optional: plan.optional,
        }
    }
}
