//! Links that stay while what they hold is replaced: where the kernel allows one program only, or operations of one name, the new
//! one takes the place of the old one in the old one's link.
//!
//! The new set pins that same link. Up to the moment in which it is published, the old programs and maps of operations are pinned
//! beside it, so that whoever comes after a killed process can put them back:
//!
//! ```text
//! __undo0 -> the program, or the map of operations, that the first recorded link had before
//! ```

use super::place;
use crate::attach::Outcome;
use crate::directory::Directory;
use crate::error::{Call, Error, Step};
use crate::handles::{self, Attachment, Map};
use crate::marker::{self, Marker};
use crate::path::CPath;
use crate::plan::ProgramPlan;
use crate::skeleton::Skeleton;
use crate::struct_ops::have_link;
use crate::sys::{Errno, Fd, bpf, link};

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

/// Which links of a new set are those of the old one.
#[derive(Clone, Copy)]
pub(super) struct Taken<'a> {
    /// What has come of programs, by their index.
    pub(super) programs: &'a [Outcome],
    /// Those of operations, by the index of their map.
    pub(super) operations: &'a [bool],
}

impl Taken<'_> {
    pub(super) fn any(self) -> bool {
        self.programs.iter().any(|program| program.taken) || self.operations.contains(&true)
    }
}

/// What a link holds, when it is asked what it is attached to: a program, or a map of operations.
fn held(link: &Fd) -> Result<Held, Errno> {
    let info = handles::link_info(link)?;
    Ok(match info.attachment {
        Attachment::StructOps { map_id } => Held::Operations(map_id),
        _ => Held::Program(info.program_id),
    })
}

/// By its id.
enum Held {
    Program(u32),
    Operations(u32),
}

/// A link of the old set, and what goes into it: a program, or a map of operations.
pub(super) struct Exchange<'a> {
    /// The number of the link among the recorded names.
    pub(super) number: usize,
    pub(super) item: &'static str,
    pub(super) link: &'a Fd,
    pub(super) new: &'a Fd,
}

impl Exchange<'_> {
    /// Keeps the old one where it can be found again.
    pub(super) fn keep(&self, set: &Directory) -> Result<(), Error> {
        let failed = |call, errno| Error::system(Step::Update, call, errno).with_item(self.item);
        let (call, old) = match held(self.link).map_err(|errno| failed(Call::ObjGetInfoByFd, errno))? {
            Held::Program(id) => (Call::ProgGetFdById, link::program_by_id(id)),
            Held::Operations(id) => (Call::MapGetFdById, bpf::map_by_id(id)),
        };
        let old = old.map_err(|errno| failed(call, errno))?;
        set.pin(&old, self.item, marker::undo(self.number, Step::Update)?.as_c_str())
    }

    /// Puts the new one into the link.
    pub(super) fn carry_out(&self) -> Result<(), Error> {
        link::update(self.link, self.new, None).map_err(|errno| {
            // What the kernel says of operations; programs that came this far are of the right kind.
            let hint = match errno {
                Errno::EOPNOTSUPP | Errno::ENOTSUPP => Some(
                    "the kernel cannot exchange these operations while they are in force (a scheduler of sched_ext is one \
                     case): unpin the old set, then preload",
                ),
                Errno::EINVAL => Some(
                    "operations of that name are registered already, and not by the set that is to be replaced; or the \
                     kernel wants others in their place",
                ),
                _ => None,
            };
            Error::system(Step::Update, Call::LinkUpdate, errno).with_item(self.item).with_hint(hint)
        })
    }
}

/// The links of a skeleton that are those of the old set.
pub(super) fn exchanges<'a>(
    skeleton: &'a dyn Skeleton,
    taken: Taken<'a>,
) -> impl Iterator<Item = Exchange<'a>> {
    let plan = skeleton.plan();
    // Each with what goes into it, if it is one of those.
    let programs = plan.programs.iter().enumerate().filter_map(move |(index, program)| {
        let link = program.pin.and(skeleton.link_at(index))?;
        let new = || skeleton.program_at(index)?.fd();
        Some((
            program.name,
            link,
            taken.programs.get(index).filter(|program| program.taken).and_then(|_| new()),
        ))
    });
    let operations = plan.struct_ops.iter().enumerate().filter_map(move |(index, operations)| {
        let link = skeleton.link_at(plan.programs.len() + index).filter(|_| have_link(plan, operations))?;
        operations.link.pin?;
        let new = || skeleton.map_at(operations.map).map(Map::fd);
        let taken = taken.operations.get(operations.map).filter(|taken| **taken);
        Some((operations.link.name, link, taken.and_then(|_| new())))
    });
    // They are recorded in this order, behind what was pinned before it was registered.
    let first = place::held(skeleton).count();
    programs.chain(operations).enumerate().filter_map(move |(number, (item, link, new))| {
        Some(Exchange { number: first + number, item, link: link.fd(), new: new? })
    })
}

/// Puts all old ones back that a set in the making still has. It can be interrupted and begun again.
pub(super) fn undo_all(set: &Directory) -> Result<(), Error> {
    let Some(marker) = Marker::read(set, Step::Update)? else { return Ok(()) };
    set.names(Step::Update, &mut |name| {
        let Some(pin) = marker::undo_number(name).and_then(|number| marker.names().nth(number)) else {
            return Ok(());
        };
        let (Some(link), Some(old)) = (set.get("", pin, Step::Update)?, set.get("", name, Step::Update)?)
        else {
            return Ok(());
        };
        let failed = |call, errno| Error::system(Step::Update, call, errno);
        let (Held::Program(held) | Held::Operations(held)) =
            held(&link).map_err(|errno| failed(Call::ObjGetInfoByFd, errno))?;
        // Nothing may be exchanged for itself: the kernel takes a congestion control off its list after it has put it there again.
        if held == bpf::obj_id(&old).map_err(|errno| failed(Call::ObjGetInfoByFd, errno))? {
            return Ok(());
        }
        match link::update(&link, &old, None) {
            // What it was attached to may be gone, and the program with it.
            Ok(()) | Err(Errno::ENOLINK) => Ok(()),
            Err(errno) => Err(failed(Call::LinkUpdate, errno)),
        }
    })
}

/// Lets go of the old ones, once the new set is published.
pub(super) fn forget(set: &Directory) -> Result<(), Error> {
    set.names(Step::Unpin, &mut |name| match marker::undo_number(name) {
        Some(_) => set.unlink(name),
        None => Ok(()),
    })
}
