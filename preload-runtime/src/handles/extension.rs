//! Extensions: programs that take the place of a function of another program.

use super::{Link, Program};
use crate::attach::trace;
use crate::error::Error;
use crate::kind;
use crate::sys::Fd;

impl Program<kind::Extension> {
    /// Takes the place of the function that it was loaded against (link: 5.8), until the link goes.
    ///
    /// # Errors
    ///
    /// `EBUSY` when another extension is there; `EINVAL` when this one was attached before: then
    /// [`attach_extension_to`](Self::attach_extension_to) is what attaches it.
    pub fn attach_extension(&self) -> Result<Link, Error> {
        self.linked(|program| trace::trace(program.plan, program.fd, 0))
    }

    /// Takes the place of a function of any program that has one with the same arguments (5.10): of the one that it was loaded
    /// against once more, or of another.
    ///
    /// # Errors
    ///
    /// `ENOENT` when the program has no function of this name; `EINVAL` when that has other arguments, or from older kernels;
    /// `EBUSY` when another extension is there.
    pub fn attach_extension_to(&self, program: &Fd, function: &str) -> Result<Link, Error> {
        self.linked(|extension| trace::extension(extension.fd, program, function))
    }
}
