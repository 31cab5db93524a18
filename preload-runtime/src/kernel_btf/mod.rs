//! Looking up names in the kernel's own type information, and in that of its modules.
//!
//! It is read once, and only when a program needs a name from it; nothing of it is kept. Modules are looked at only for
//! what the kernel itself does not have, or what is said to be in one.

mod filter;
mod lanes;
mod modules;
mod program;
mod search;
mod vmlinux;

pub(crate) use program::function_of;
pub(crate) use vmlinux::read;

use crate::btf::{Numbered, View};
use crate::error::{Call, Error, ErrorKind, Step};
use crate::plan::BtfTarget;
use crate::sys::Fd;

/// A type that is looked for, or none.
pub(crate) struct Wanted {
    pub(crate) target: Option<&'static BtfTarget>,
    /// 0 until it was found.
    pub(crate) id: u32,
    /// The type information of the module that it was found in; none for the kernel itself.
    pub(crate) module: Option<Fd>,
}

impl Wanted {
    pub(crate) const NOTHING: Self = Self { target: None, id: 0, module: None };

    /// What is looked for and was not found.
    pub(crate) fn missing(&self) -> Option<&'static BtfTarget> {
        self.target.filter(|_| self.id == 0)
    }
}

/// Type information of the kernel or of a module, to be looked up by number.
pub(crate) fn numbered(bytes: &[u8], step: Step) -> Result<Numbered<'_>, Error> {
    let unknown = || Error::new(step, ErrorKind::UnknownKernelBtf);
    let numbered = Numbered::new(View::new(bytes).ok_or_else(unknown)?);
    numbered.map_err(|errno| Error::system(step, Call::Mmap, errno))?.ok_or_else(unknown)
}

/// What the name of the kernel is, where a module could be named.
const KERNEL: &str = "vmlinux";

/// Finds all that is wanted in one pass of each. What is not there keeps the id 0.
pub(crate) fn find(wanted: &mut [Wanted]) -> Result<(), Error> {
    read(|btf| {
        let kernel = search::Types::of(btf, None)?;
        let last = kernel.find(wanted, &|target| target.module.is_none_or(|module| module == KERNEL))?;
        let elsewhere = |target: &BtfTarget| target.module.is_none_or(|module| module != KERNEL);
        if wanted.iter().any(|wanted| wanted.missing().is_some_and(elsewhere)) {
            let base = search::Base { types: kernel.count(last)?, strings: kernel.strings() };
            modules::find(&base, wanted);
        }
        Some(())
    })?
    .ok_or_else(|| Error::new(Step::FindTarget, ErrorKind::UnknownKernelBtf))
}
