//! Code that only some objects need.
//!
//! A plan names the functions it needs, so that the linker leaves out the others: a preloader of two iterators does not
//! carry what reads a kernel's configuration.

use crate::kconfig;
use crate::{load, struct_ops, symbols};

/// The code that a plan needs beyond what all plans do. For generated code.
pub struct Code {
    pub(crate) kconfig: Option<kconfig::Read>,
    pub(crate) symbols: Option<&'static symbols::Calls>,
    pub(crate) struct_ops: Option<&'static struct_ops::Calls>,
    pub(crate) extensions: Option<load::FindFunction>,
}

impl Code {
    /// Nothing more.
    pub const NONE: Self = Self { kconfig: None, symbols: None, struct_ops: None, extensions: None };

    /// What reads values of the kernel's configuration.
    pub const fn with_kconfig(self) -> Self {
        Self { kconfig: Some(kconfig::read), ..self }
    }

    /// What finds symbols of the kernel.
    pub const fn with_symbols(self) -> Self {
        Self { symbols: Some(&symbols::CALLS), ..self }
    }

    /// What registers operations.
    pub const fn with_struct_ops(self) -> Self {
        Self { struct_ops: Some(&struct_ops::CALLS), ..self }
    }

    /// What finds functions of other programs.
    pub const fn with_extensions(self) -> Self {
        Self { extensions: Some(load::find_function), ..self }
    }
}
