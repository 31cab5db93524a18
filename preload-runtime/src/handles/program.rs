//! Programs.

use super::{Handle, Link, ProgramInfo, id, link};
use crate::attach::AttachChoices;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::path::AsPath;
use crate::plan::ProgramPlan;
use crate::sys::{Fd, link as sys};

/// A program; loaded, unless it was left out before load.
pub struct Program {
    pub(super) fd: Option<Fd>,
    pub(super) plan: &'static ProgramPlan,
    choices: AttachChoices,
}

impl Program {
    pub(crate) fn new(fd: Option<Fd>, plan: &'static ProgramPlan) -> Self {
        Self { fd, plan, choices: AttachChoices::of(plan) }
    }

    pub(crate) fn choices(&self) -> AttachChoices {
        self.choices
    }

    /// Takes over what was chosen before load.
    pub(crate) fn choose(&mut self, choices: AttachChoices) {
        self.choices = choices;
    }

    /// Whether `attach` of the skeleton attaches it too.
    pub(crate) fn is_attached_with_all(&self) -> bool {
        self.fd.is_some() && self.choices.autoattach && self.plan.attach.is_some()
    }

    /// The function of the C source.
    pub fn name(&self) -> &'static str {
        self.plan.name
    }

    /// How it was loaded.
    pub fn plan(&self) -> &'static ProgramPlan {
        self.plan
    }

    /// The descriptor; none when the program was left out before load.
    pub fn fd(&self) -> Option<&Fd> {
        self.fd.as_ref()
    }

    /// The descriptor alone, for use without this crate.
    pub fn into_fd(self) -> Option<Fd> {
        self.fd
    }

    /// Takes over a link that the caller has made for this program, as for those that are attached by hand.
    /// Put into the skeleton's `links`, it is pinned with the others.
    pub fn link_from(&self, fd: Fd) -> Link {
        Link::from_fd(fd, self.plan)
    }

    /// Takes over the link that is pinned at a path, if its program is of the same type and attach type as this one: as
    /// one that an earlier process has left. [`Link::update`] then puts this program behind it.
    ///
    /// # Errors
    ///
    /// `ENOENT` when nothing is there, [`ErrorKind::NotALink`] for a map or a program, [`ErrorKind::DifferentLink`] for a
    /// link of another kind of program.
    pub fn open_link(&self, path: impl AsPath) -> Result<Link, Error> {
        link::open(self.plan, path)
    }

    /// The kernel's id of the program (4.13), as in `bpftool prog`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotLoaded`] when it was left out before load; whatever the kernel returns.
    pub fn id(&self) -> Result<u32, Error> {
        id(self.loaded(Step::Query)?, self.plan.name)
    }

    /// What the kernel says of the program (4.13): id, tag, time of load.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotLoaded`] when it was left out before load; whatever the kernel returns.
    pub fn info(&self) -> Result<ProgramInfo, Error> {
        let info = sys::program_info(self.loaded(Step::Query)?).map_err(|errno| {
            Error::system(Step::Query, Call::ObjGetInfoByFd, errno).with_item(self.plan.name)
        })?;
        Ok(info.into())
    }

    /// The descriptor, for a step that cannot be without.
    pub(crate) fn loaded(&self, step: Step) -> Result<&Fd, Error> {
        self.fd().ok_or_else(|| Error::new(step, ErrorKind::NotLoaded).with_item(self.plan.name))
    }
}
