//! Programs.

use core::fmt;
use core::ops::{Deref, DerefMut};

use super::{Handle, Link, ProgramInfo, id, link};
use crate::attach::AttachChoices;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::kind::{Any, Kind, Known};
use crate::path::AsPath;
use crate::pin;
use crate::plan::ProgramPlan;
use crate::rows::set;
use crate::sys::{Fd, link as sys};

/// A program; loaded, unless it was left out before load.
///
/// The [kind](crate::kind) says what it attaches to, and what methods there are for that. Those that all programs have are
/// those of `Program` without a kind, which every other one dereferences to.
pub struct Program<K: Kind = Any> {
    /// The descriptor and the plan, or for a known kind the program without it.
    made: K::Made,
}

/// What a program is made of.
pub struct Raw {
    fd: Option<Fd>,
    plan: &'static ProgramPlan,
    choices: AttachChoices,
}

impl<K: Known> Program<K> {
    /// What a skeleton has before it is filled: not loaded, and by no plan of its own.
    #[doc(hidden)]
    pub const fn empty(plan: &'static ProgramPlan) -> Self {
        Self { made: Program { made: Raw { fd: None, plan, choices: AttachChoices::of(plan) } } }
    }

    /// The program without its kind.
    pub fn into_any(self) -> Program {
        self.made
    }

    /// The descriptor alone, for use without this crate.
    pub fn into_fd(self) -> Option<Fd> {
        self.made.into_fd()
    }
}

impl<K: Known> Deref for Program<K> {
    type Target = Program;

    fn deref(&self) -> &Program {
        &self.made
    }
}

impl<K: Known> DerefMut for Program<K> {
    fn deref_mut(&mut self) -> &mut Program {
        &mut self.made
    }
}

impl<K: Known> fmt::Debug for Program<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.made.fmt(f)
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("name", &self.name()).field("fd", &self.made.fd).finish()
    }
}

impl Program {
    /// Makes an empty program one that is there.
    pub(crate) fn fill(&mut self, fd: Option<Fd>, plan: &'static ProgramPlan, choices: AttachChoices) {
        set(&mut self.made, Raw { fd, plan, choices });
    }

    pub(crate) fn choices(&self) -> AttachChoices {
        self.made.choices
    }

    /// Whether `attach` of the skeleton attaches it too.
    pub(crate) fn is_attached_with_all(&self) -> bool {
        self.fd().is_some() && self.made.choices.autoattach && self.made.plan.attach.is_some()
    }

    /// The function of the C source.
    pub fn name(&self) -> &'static str {
        self.made.plan.name
    }

    /// How it was loaded.
    pub fn plan(&self) -> &'static ProgramPlan {
        self.made.plan
    }

    /// The descriptor; none when the program was left out before load.
    pub fn fd(&self) -> Option<&Fd> {
        self.made.fd.as_ref()
    }

    /// The descriptor alone, for use without this crate.
    pub fn into_fd(self) -> Option<Fd> {
        self.made.fd
    }

    /// Takes over a link that the caller has made for this program, as for those that are attached by hand.
    /// Put into the skeleton's `links`, it is pinned with the others.
    pub fn link_from(&self, fd: Fd) -> Link {
        Link::from_fd(fd, self.made.plan)
    }

    /// Takes over the link that is pinned at a path, if its program is of the same type and attach type as this one: as
    /// one that an earlier process has left. [`Link::update`] then puts this program behind it.
    ///
    /// # Errors
    ///
    /// `ENOENT` when nothing is there, [`ErrorKind::NotALink`] for a map or a program, [`ErrorKind::DifferentLink`] for a
    /// link of another kind of program.
    pub fn open_link(&self, path: impl AsPath) -> Result<Link, Error> {
        link::open(self.made.plan, path)
    }

    /// Pins the program at a path in a bpffs (4.4), for other programs to find it, such as `ip route` and `tc`. It keeps the
    /// program loaded; it attaches nothing. The name may have no dot in it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotLoaded`] when it was left out before load; [`ErrorKind::NotBpffs`] outside a bpffs, `EEXIST` when
    /// something is there already, `EPERM` for a name with a dot.
    pub fn pin(&self, path: impl AsPath) -> Result<(), Error> {
        pin::pin_one(self.loaded(Step::Pin)?, self.made.plan.name, path)
    }

    /// Removes a pin of the program.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotBpffs`] outside a bpffs, `ENOENT` when nothing is there.
    pub fn unpin(&self, path: impl AsPath) -> Result<(), Error> {
        pin::unpin_one(self.made.plan.name, path)
    }

    /// The kernel's id of the program (4.13), as in `bpftool prog`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotLoaded`] when it was left out before load; whatever the kernel returns.
    pub fn id(&self) -> Result<u32, Error> {
        id(self.loaded(Step::Query)?, self.made.plan.name)
    }

    /// What the kernel says of the program (4.13): id, tag, time of load.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotLoaded`] when it was left out before load; whatever the kernel returns.
    pub fn info(&self) -> Result<ProgramInfo, Error> {
        let info = sys::program_info(self.loaded(Step::Query)?).map_err(|errno| {
            Error::system(Step::Query, Call::ObjGetInfoByFd, errno).with_item(self.made.plan.name)
        })?;
        Ok(info.into())
    }

    /// The descriptor, for a step that cannot be without.
    pub(crate) fn loaded(&self, step: Step) -> Result<&Fd, Error> {
        self.fd().ok_or_else(|| Error::new(step, ErrorKind::NotLoaded).with_item(self.made.plan.name))
    }
}
