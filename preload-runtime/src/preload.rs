//! How an object is preloaded: where, and what is to become of what is there.

use crate::error::ErrorKind;
use crate::keyring::Keyring;
use crate::path::{AsPath, CPath};
use crate::shared::PinRoot;
use crate::transaction::{self, Over};

/// What is to be done when the object is preloaded already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Existing {
    /// Refuse: [`ErrorKind::AlreadyPinned`].
    #[default]
    Refuse,
    /// Keep it if it is the same plan, preloaded with the same choices, and complete; else refuse with
    /// [`ErrorKind::DifferentlyPinned`].
    Keep,
    /// Replace it. The new programs are attached before the old ones are let go, so that no event passes unseen; a failure
    /// leaves the old set as it is.
    Replace,
}

/// Where and how to preload.
///
/// ```
/// use preload_runtime::{Existing, Preload};
///
/// let options = Preload::at("/sys/fs/bpf").existing(Existing::Replace).carry_maps(true).wait(true);
/// ```
#[derive(Clone)]
#[must_use = "options do nothing by themselves"]
pub struct Preload {
    pub(crate) bpffs: Result<CPath, ErrorKind>,
    pub(crate) existing: Existing,
    /// What keeps or replaces a set, unless one is refused.
    pub(crate) over: Option<&'static Over>,
    pub(crate) carry_maps: bool,
    pub(crate) wait: bool,
    pub(crate) access: Access,
    pub(crate) keyring: Option<Keyring>,
}

/// Who may reach the pins.
#[derive(Clone, Copy)]
pub(crate) struct Access {
    pub(crate) directory_mode: u32,
    /// The kernel's own choice (0600, less the umask) where none is given.
    pub(crate) pin_mode: Option<u32>,
    pub(crate) owner: Option<(u32, u32)>,
}

impl Access {
    /// Only the owner reaches what is pinned, as with libbpf.
    pub(crate) const DEFAULT: Self = Self { directory_mode: 0o700, pin_mode: None, owner: None };
}

impl Preload {
    /// Preloads under a directory of a bpffs, in the directory of the object. A path that cannot be one is an error when it is
    /// used.
    pub fn at(bpffs: impl AsPath) -> Self {
        Self {
            bpffs: CPath::new(bpffs),
            existing: Existing::Refuse,
            over: None,
            carry_maps: false,
            wait: false,
            access: Access::DEFAULT,
            keyring: None,
        }
    }

    /// What is to be done when the object is preloaded already; [`Existing::Refuse`] unless it is said.
    pub fn existing(mut self, existing: Existing) -> Self {
        self.existing = existing;
        // Named here, so that a binary that refuses does without the code.
        self.over = (existing != Existing::Refuse).then_some(&transaction::OVER);
        self
    }

    /// When replacing: whether pinned maps keep what is in them. The maps of the old set take the places of the new ones of
    /// the same name; one that differs in type, sizes, entries or flags is an error that says in what. `false` unless it is
    /// said: all maps are made anew.
    pub fn carry_maps(mut self, carry: bool) -> Self {
        self.carry_maps = carry;
        self
    }

    /// Where the key of a signed object is looked for, if not where its skeleton says. For others it makes no difference.
    pub fn keyring(mut self, keyring: Keyring) -> Self {
        self.keyring = Some(keyring);
        self
    }

    /// When another preloader is at work under the same directory: whether to wait for it, or to give up with `EAGAIN`.
    /// `false` unless it is said.
    pub fn wait(mut self, wait: bool) -> Self {
        self.wait = wait;
        self
    }

    /// The modes of the object's directory and of the pins; 0700 and 0600 unless they are said. The umask of the process does
    /// not count.
    pub fn mode(mut self, directory: u32, pins: u32) -> Self {
        self.access.directory_mode = directory;
        self.access.pin_mode = Some(pins);
        self
    }

    /// The owner of directory and pins, by number; those of the process unless they are said.
    ///
    /// What is there already is kept or replaced only if it belongs to this user, or to that of the process: in a bpffs that
    /// everyone may write to, anyone can make what looks like a preload.
    pub fn owner(mut self, user: u32, group: u32) -> Self {
        self.access.owner = Some((user, group));
        self
    }
}

/// What to unpin.
#[derive(Clone)]
#[must_use = "options do nothing by themselves"]
pub struct Removal {
    pub(crate) bpffs: Result<CPath, ErrorKind>,
    pub(crate) wait: bool,
    pub(crate) foreign: bool,
    pub(crate) shared_maps: bool,
    pub(crate) pin_root: PinRoot,
}

impl Removal {
    /// What was preloaded under a directory of a bpffs.
    pub fn at(bpffs: impl AsPath) -> Self {
        Self {
            bpffs: CPath::new(bpffs),
            wait: false,
            foreign: false,
            shared_maps: false,
            pin_root: PinRoot::unchosen(),
        }
    }

    /// When a preloader is at work under the same directory: whether to wait for it, or to give up with `EAGAIN`. `false` unless
    /// it is said.
    pub fn wait(mut self, wait: bool) -> Self {
        self.wait = wait;
        self
    }

    /// Whether to remove also files that someone else has put into the object's directory. `false` unless it is said: they
    /// are an error, [`ErrorKind::Foreign`].
    pub fn foreign(mut self, foreign: bool) -> Self {
        self.foreign = foreign;
        self
    }

    /// Whether to remove also the pins of maps that the object [shares by name](crate#maps-pinned-by-name). `false` unless it
    /// is said: other objects may use them.
    pub fn shared_maps(mut self, shared_maps: bool) -> Self {
        self.shared_maps = shared_maps;
        self
    }

    /// The directory that the shared maps are pinned in, where `OpenSkel::set_pin_root` has named another one than the
    /// attribute.
    pub fn pin_root(mut self, directory: impl AsPath) -> Self {
        self.pin_root = PinRoot::at(directory);
        self
    }
}

/// What has come of a preload.
#[derive(Debug)]
#[must_use]
pub enum Preloaded<S> {
    /// There was nothing; this is in place now.
    New(S),
    /// There was something, which is gone; this is in place now.
    Replaced(S),
    /// The same was there, and is there still. Nothing was loaded.
    Kept,
}

impl Preloaded<()> {
    /// The same with the skeleton that was made.
    pub(crate) fn with<S>(self, skeleton: Option<S>) -> Preloaded<S> {
        match (self, skeleton) {
            (Self::New(()), Some(skeleton)) => Preloaded::New(skeleton),
            (Self::Replaced(()), Some(skeleton)) => Preloaded::Replaced(skeleton),
            (made, _) => {
                debug_assert!(matches!(made, Self::Kept), "what was loaded is there");
                Preloaded::Kept
            }
        }
    }
}

impl<S> Preloaded<S> {
    /// The same with what is made of the skeleton.
    pub(crate) fn map<T>(self, make: impl FnOnce(S) -> T) -> Preloaded<T> {
        match self {
            Self::New(skeleton) => Preloaded::New(make(skeleton)),
            Self::Replaced(skeleton) => Preloaded::Replaced(make(skeleton)),
            Self::Kept => Preloaded::Kept,
        }
    }

    /// The skeleton that was loaded; none when what was there was kept.
    pub fn skeleton(self) -> Option<S> {
        match self {
            Self::New(skeleton) | Self::Replaced(skeleton) => Some(skeleton),
            Self::Kept => None,
        }
    }
}
