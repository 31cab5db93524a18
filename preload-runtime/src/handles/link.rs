//! Links.

use super::{Handle, LinkInfo, Program, id};
use crate::error::{Call, Error, ErrorKind, Step};
use crate::path::AsPath;
use crate::pin;
use crate::plan::{Plan, ProgramPlan};
use crate::sys::{Errno, Fd, link};

/// A link: what keeps a program attached. Dropping it detaches the program, unless it is pinned.
pub struct Link {
    pub(super) fd: Fd,
    pub(super) plan: &'static ProgramPlan,
}

impl Handle for Link {
    type Plan = ProgramPlan;

    fn from_fd(fd: Fd, plan: &'static ProgramPlan) -> Self {
        Self { fd, plan }
    }

    fn plan_at(plan: &'static Plan, place: usize) -> Option<&'static ProgramPlan> {
        plan.link(place.checked_sub(plan.maps.len() + plan.programs.len())?)
    }
}

impl Link {
    /// The function of the C source that is attached.
    pub fn name(&self) -> &'static str {
        self.plan.name
    }

    /// The descriptor.
    pub fn fd(&self) -> &Fd {
        &self.fd
    }

    /// The descriptor alone, for use without this crate.
    pub fn into_fd(self) -> Fd {
        self.fd
    }

    /// The kernel's id of the link (5.8), as in `bpftool link`.
    ///
    /// # Errors
    ///
    /// Whatever the kernel returns, with the name of the program.
    pub fn id(&self) -> Result<u32, Error> {
        id(&self.fd, self.plan.name)
    }

    /// What the kernel says of the link (5.8): its id, its program, what it is attached to.
    ///
    /// # Errors
    ///
    /// Whatever the kernel returns, with the name of the program.
    pub fn info(&self) -> Result<LinkInfo, Error> {
        info(&self.fd).map_err(|errno| self.failed(Step::Query, Call::ObjGetInfoByFd, errno))
    }

    /// Puts another program in the place of the one that is attached, in one step: no event passes unseen.
    ///
    /// The kernel does so for XDP, tcx, netkit, cgroups, network namespaces, iterators (5.7 and later, by kind), and
    /// socket maps (6.10). The program must be of the same type, and loaded in the same way.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotLoaded`] when the program was left out before load; `EINVAL` or `EOPNOTSUPP` for other kinds of
    /// links, and for a program of another type; `ENOLINK` when what the link was attached to is gone.
    pub fn update(&self, program: &Program) -> Result<(), Error> {
        self.update_program(program, None)
    }

    /// As [`update`](Self::update), but only if `expected` is what is attached (`BPF_F_REPLACE`).
    ///
    /// # Errors
    ///
    /// As those of `update`; `EPERM` when another program than the expected one is attached.
    pub fn update_from(&self, expected: &Program, program: &Program) -> Result<(), Error> {
        self.update_program(program, Some(expected.loaded(Step::Update)?))
    }

    fn update_program(&self, program: &Program, expected: Option<&Fd>) -> Result<(), Error> {
        let fd = program.loaded(Step::Update)?;
        link::update(&self.fd, fd, expected).map_err(|errno| {
            let hint = match errno {
                Errno::EPERM if expected.is_some() => Some("another program than the expected one is attached"),
                Errno::EINVAL | Errno::EOPNOTSUPP | Errno::ENOTSUPP => Some(
                    "links of this kind keep their program, or the program is of another type than the one that is \
                     attached",
                ),
                Errno::ENOLINK => Some("what the link was attached to is gone"),
                _ => None,
            };
            self.failed(Step::Update, Call::LinkUpdate, errno).with_hint(hint)
        })
    }

    /// Detaches the program (5.9), even while the link is pinned or others have it. What is left of the link does
    /// nothing.
    ///
    /// # Errors
    ///
    /// `EOPNOTSUPP` for kinds of links that only go with their last descriptor and pin: the kernel detaches XDP, tcx,
    /// netkit, cgroups, network namespaces, netfilter, struct_ops (6.10) and socket maps.
    pub fn detach(&self) -> Result<(), Error> {
        link::detach(&self.fd).map_err(|errno| {
            let hint = matches!(errno, Errno::EOPNOTSUPP | Errno::ENOTSUPP)
                .then_some("links of this kind detach when they are dropped and not pinned any more");
            self.failed(Step::Detach, Call::LinkDetach, errno).with_hint(hint)
        })
    }

    fn failed(&self, step: Step, call: Call, errno: Errno) -> Error {
        Error::system(step, call, errno).with_item(self.plan.name)
    }

    /// Pins the link at a path in a bpffs (5.7): the program stays attached as long as the pin is there. The
    /// name may have no dot in it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotBpffs`] outside a bpffs, `EEXIST` when something is there already, `EPERM` for a name
    /// with a dot.
    pub fn pin(&self, path: impl AsPath) -> Result<(), Error> {
        pin::pin_one(&self.fd, self.plan.name, path)
    }

    /// Removes a pin of the link; the program stays attached while this handle or another pin is there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotBpffs`] outside a bpffs, `ENOENT` when nothing is there.
    pub fn unpin(&self, path: impl AsPath) -> Result<(), Error> {
        pin::unpin_one(self.plan.name, path)
    }
}

/// What the kernel says of a link.
pub(crate) fn info(link: &Fd) -> Result<LinkInfo, Errno> {
    let head = link::head(link)?;
    let attachment = link::target(link, head.link_type)?.into();
    Ok(LinkInfo { id: head.id, program_id: head.program_id, link_type: head.link_type, attachment })
}

/// Takes over what is pinned at a path, if it is a link that a program of this plan could have.
pub(super) fn open(plan: &'static ProgramPlan, path: impl AsPath) -> Result<Link, Error> {
    let fd = pin::get_one(plan.name, &path)?;
    let refuse = |kind| pin::refused(plan.name, &path, kind);
    let failed = |errno| Error::system(Step::Open, Call::ObjGetInfoByFd, errno).with_item(plan.name);
    if !link::is_link(&fd) {
        return Err(refuse(ErrorKind::NotALink));
    }
    let info = info(&fd).map_err(failed)?;
    let program = link::program_by_id(info.program_id)
        .map_err(|errno| Error::system(Step::Open, Call::ProgGetFdById, errno).with_item(plan.name))?;
    let program_type = link::program_info(&program).map_err(failed)?.program_type;
    let attach_type = info.attachment.attach_type();
    if program_type != plan.program_type || attach_type.is_some_and(|ty| ty != plan.attach_type) {
        return Err(refuse(ErrorKind::DifferentLink { program_type, attach_type }));
    }
    Ok(Link::from_fd(fd, plan))
}
