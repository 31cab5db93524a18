//! Links that stay while their program is replaced: where the kernel allows one program only, the new one takes the place of the old
//! one in the old one's link.
//!
//! The new set pins that same link. Up to the moment in which it is published, the old programs are pinned beside it, so that
//! whoever comes after a killed process can put them back:
//!
//! ```text
//! __undo0 -> the program that the first recorded link had before
//! ```

use crate::directory::Directory;
use crate::error::{Call, Error, Step};
use crate::handles::{self, Attachment};
use crate::marker::{self, Marker};
use crate::path::CPath;
use crate::plan::ProgramPlan;
use crate::skeleton::Skeleton;
use crate::sys::{Errno, Fd, link};

/// The set that is being replaced, for the programs of the new one.
#[derive(Clone, Copy)]
pub(crate) struct Predecessor<'a> {
    set: &'a Directory,
}

impl<'a> Predecessor<'a> {
    pub(super) fn new(set: &'a Directory) -> Self {
        Self { set }
    }

    /// The link that the old set has for a program, if it is attached to the same as the program is to be.
    pub(crate) fn link(
        self,
        plan: &'static ProgramPlan,
        is_there: impl FnOnce(&Attachment) -> Result<bool, Error>,
    ) -> Result<Option<Fd>, Error> {
        let Some(pin) = plan.pin else { return Ok(None) };
        let name = CPath::new(pin).map_err(|kind| Error::new(Step::Attach, kind))?;
        let Some(fd) = self.set.get(plan.name, name.as_c_str(), Step::Attach)? else { return Ok(None) };
        if !link::is_link(&fd) {
            return Ok(None);
        }
        let info = handles::link_info(&fd)
            .map_err(|errno| Error::system(Step::Attach, Call::ObjGetInfoByFd, errno))?;
        Ok(if is_there(&info.attachment)? { Some(fd) } else { None })
    }
}

/// A link of the old set, and the program that goes into it.
pub(super) struct Exchange<'a> {
    /// The number of the link among the recorded names.
    pub(super) number: usize,
    pub(super) item: &'static str,
    pub(super) link: &'a Fd,
    pub(super) program: &'a Fd,
}

impl Exchange<'_> {
    /// Keeps the old program where it can be found again.
    pub(super) fn keep(&self, set: &Directory) -> Result<(), Error> {
        let failed = |call, errno| Error::system(Step::Update, call, errno).with_item(self.item);
        let head = link::head(self.link).map_err(|errno| failed(Call::ObjGetInfoByFd, errno))?;
        let old = link::program_by_id(head.program_id).map_err(|errno| failed(Call::ProgGetFdById, errno))?;
        set.pin(&old, self.item, marker::undo(self.number, Step::Update)?.as_c_str())
    }

    /// Puts the new program into the link.
    pub(super) fn carry_out(&self) -> Result<(), Error> {
        link::update(self.link, self.program, None)
            .map_err(|errno| Error::system(Step::Update, Call::LinkUpdate, errno).with_item(self.item))
    }
}

/// The links of a skeleton that are those of the old set: the programs at these indices have taken them.
pub(super) fn exchanges<'a, S: Skeleton + ?Sized>(
    skeleton: &'a S,
    taken: &'a [bool],
) -> impl Iterator<Item = Exchange<'a>> {
    let plans = skeleton.plan().programs.iter().enumerate();
    // Links are recorded first, in this order.
    let recorded = plans.filter_map(|(index, plan)| Some((index, plan.pin.and(skeleton.link_at(index))?)));
    recorded.enumerate().filter(|(_, (index, _))| taken.get(*index) == Some(&true)).filter_map(
        move |(number, (index, link))| {
            let program = skeleton.program_at(index)?;
            Some(Exchange { number, item: program.name(), link: link.fd(), program: program.fd()? })
        },
    )
}

/// Puts all old programs back that a set in the making still has. It can be interrupted and begun again.
pub(super) fn undo_all(set: &Directory) -> Result<(), Error> {
    let Some(marker) = Marker::read(set, Step::Update)? else { return Ok(()) };
    set.names(Step::Update, &mut |name| {
        let Some(pin) = marker::undo_number(name).and_then(|number| marker.names().nth(number)) else {
            return Ok(());
        };
        let (Some(link), Some(program)) = (set.get("", pin, Step::Update)?, set.get("", name, Step::Update)?)
        else {
            return Ok(());
        };
        match link::update(&link, &program, None) {
            // What it was attached to may be gone, and the program with it.
            Ok(()) | Err(Errno::ENOLINK) => Ok(()),
            Err(errno) => Err(Error::system(Step::Update, Call::LinkUpdate, errno)),
        }
    })
}

/// Lets go of the old programs, once the new set is published.
pub(super) fn forget(set: &Directory) -> Result<(), Error> {
    set.names(Step::Unpin, &mut |name| match marker::undo_number(name) {
        Some(_) => set.unlink(name),
        None => Ok(()),
    })
}
