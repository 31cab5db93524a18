//! Reading back: what is preloaded at a place, by whom, and whether all of it is there.
//!
//! Nothing is changed, and nobody is kept waiting: the lock of those who preload is not asked for.

mod show;

use core::ffi::CStr;

use crate::directory::Directory;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::handles::{self, LinkInfo, MapInfo};
use crate::marker::{Digest, Marker};
use crate::path::{AsPath, CPath};
use crate::preload::Access;
use crate::sys::{Errno, bpf, link};
use crate::transaction::{self, Names};

/// What is preloaded at a place. Made by the `status` of a module, or by [`status`] for any directory.
///
/// `Display` shows all of it, for a person at a console:
///
/// ```text
/// /sys/fs/bpf/iterators: preloaded, all of it
///   plan 0b2f..e9, settings 51c4..07: the same as here
///   dump_bpf_map: link 12 of program 34, iterator bpf_map
///   reads: map 5, array, key 4 bytes, value 8 bytes, 1 entries
/// ```
pub struct Status {
    parent: Directory,
    names: Names,
    state: State,
    /// The directory that has the name, if it is a set.
    set: Option<(Directory, Marker)>,
    left_over: LeftOver,
    expected: Option<Expected>,
}

/// What a preload would make.
pub(crate) struct Expected {
    pub(crate) digest: Digest,
    pub(crate) access: Access,
}

/// What has the name of a preload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// Nothing.
    Absent,
    /// Something that no preload has made; for the `status` of a module also what another user has made, unless sets are given to
    /// that user ([`Preload::owner`](crate::Preload::owner)).
    Foreign,
    /// A preload, but not all of its pins are there.
    Incomplete,
    /// A preload, with all of its pins.
    Complete,
}

/// How what is preloaded compares with what would be preloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Match {
    /// The same plan, with the same choices: what [`Existing::Keep`](crate::Existing::Keep) keeps if it is complete.
    Same,
    /// The same plan, with other sizes, programs or options, or with choices that are not known (`Skel::pin`).
    OtherSettings,
    /// Another plan: another object, another version of it, or other arguments of the attribute.
    OtherPlan,
}

/// What lies beside a preload, under names of its own. A preloader that is at work has put it there, or one that was killed; the
/// next one clears it away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOver {
    /// A set that is being made, or that is on its way out. Its programs may be attached.
    pub unpublished: bool,
    /// The old set, in the middle of a replacement (kernels before 6.1). While nothing is published, the next preloader puts
    /// it back.
    pub replaced: bool,
}

/// A name in the directory of a preload.
#[derive(Debug)]
pub struct Pin<'a> {
    /// The name, as it is in the directory.
    pub name: &'a CStr,
    /// What is there.
    pub pinned: Pinned,
}

/// What has a name in the directory of a preload.
#[derive(Debug)]
#[non_exhaustive]
pub enum Pinned {
    /// A link.
    Link(LinkInfo),
    /// A map.
    Map(MapInfo),
    /// Nothing: somebody has removed it.
    Missing,
    /// Something that was not put there by the preload.
    Foreign,
    /// Something that the kernel does not show, for this reason.
    Unreadable(Error),
}

/// How often to look again at a set that is replaced during the look.
const LOOKS: usize = 100;

/// What is preloaded as `directory`, the one that holds the pins.
///
/// # Errors
///
/// [`ErrorKind::NotBpffs`] where the directory above is not in a bpffs; whatever the kernel refuses to show.
pub fn status(directory: impl AsPath) -> Result<Status, Error> {
    let path = CPath::new(directory).map_err(|kind| Error::new(Step::Query, kind))?;
    Status::read(path.parent(), path.name(), None)
}

impl Status {
    /// Looks at the set `name` in `parent`.
    pub(crate) fn read(parent: CPath, name: CPath, expected: Option<Expected>) -> Result<Self, Error> {
        let parent = Directory::open(parent)?;
        let names = Names::of(name, Step::Query)?;
        let (mut state, mut set) = look(&parent, names.set())?;
        if let (Some(expected), Some((found, _))) = (&expected, &set) {
            if !transaction::is_trusted(found, expected.access, Step::Query)? {
                (state, set) = (State::Foreign, None);
            }
        }
        let beside = |name| Ok::<_, Error>(parent.owner(name, Step::Query)?.is_some());
        let left_over =
            LeftOver { unpublished: beside(names.making())?, replaced: beside(names.replaced())? };
        Ok(Self { parent, names, state, set, left_over, expected })
    }

    /// What has the name.
    pub fn state(&self) -> State {
        self.state
    }

    /// How it compares with what would be preloaded; none when nothing is preloaded, and for [`status`], which has nothing to
    /// compare with.
    pub fn matches(&self) -> Option<Match> {
        let (digest, expected) = (self.digest()?, self.expected.as_ref()?.digest);
        Some(if digest == expected {
            Match::Same
        } else if digest.plan == expected.plan {
            Match::OtherSettings
        } else {
            Match::OtherPlan
        })
    }

    /// The digest of the plan that was preloaded, [`Plan::digest`](crate::plan::Plan::digest); none when nothing is.
    pub fn plan_digest(&self) -> Option<u128> {
        self.digest().map(|digest| digest.plan)
    }

    /// The digest of what was chosen before load, and of modes and owner; none when nothing is preloaded, and for what
    /// `Skel::pin` has pinned.
    pub fn settings_digest(&self) -> Option<u64> {
        self.digest()?.settings
    }

    /// What lies beside it.
    pub fn left_over(&self) -> LeftOver {
        self.left_over
    }

    /// Shows all pins to `look`: those of the preload in the order of its plan, links first, then what is foreign.
    ///
    /// They are read now; of a set that was replaced since this status was made, they are missing.
    ///
    /// # Errors
    ///
    /// Whatever the kernel answers when the directory is read.
    pub fn pins(&self, mut look: impl FnMut(&Pin<'_>)) -> Result<(), Error> {
        let Some((set, marker)) = &self.set else { return Ok(()) };
        for name in marker.names() {
            look(&Pin { name, pinned: pinned(set, name) });
        }
        set.names(Step::Query, &mut |name| {
            if !marker.covers(name) {
                look(&Pin { name, pinned: Pinned::Foreign });
            }
            Ok(())
        })
    }

    fn digest(&self) -> Option<Digest> {
        self.set.as_ref().map(|(_, marker)| marker.digest)
    }
}

/// What has a name, and the set if it is one.
fn look(parent: &Directory, name: &CStr) -> Result<(State, Option<(Directory, Marker)>), Error> {
    for _ in 0..LOOKS {
        let set = match parent.child(name, Step::Query) {
            Ok(None) => return Ok((State::Absent, None)),
            Ok(Some(set)) => set,
            Err(error) if matches!(error.errno(), Some(Errno::ENOTDIR | Errno::ELOOP)) => {
                return Ok((State::Foreign, None));
            }
            Err(error) => return Err(error),
        };
        let state = match Marker::read(&set, Step::Query)? {
            Some(marker) if transaction::is_complete(&set, &marker, Step::Query)? => {
                return Ok((State::Complete, Some((set, marker))));
            }
            Some(marker) => (State::Incomplete, Some(marker)),
            None => (State::Foreign, None),
        };
        // What is replaced during the look is emptied under our eyes.
        if parent.leads_to(name, &set, Step::Query)? {
            return Ok((state.0, state.1.map(|marker| (set, marker))));
        }
    }
    Err(parent.error(Step::Query, ErrorKind::System(Errno::EAGAIN), name))
}

/// What a recorded name holds.
fn pinned(set: &Directory, name: &CStr) -> Pinned {
    let fd = match set.get("", name, Step::Query) {
        Ok(Some(fd)) => fd,
        Ok(None) => return Pinned::Missing,
        Err(error) => return Pinned::Unreadable(error),
    };
    // A set records links and maps, nothing else.
    let read = if link::is_link(&fd) {
        handles::link_info(&fd).map(Pinned::Link)
    } else {
        bpf::map_info(&fd).map(|info| Pinned::Map(info.into()))
    };
    read.unwrap_or_else(|errno| Pinned::Unreadable(Error::system(Step::Query, Call::ObjGetInfoByFd, errno)))
}
