//! Maps that objects share by the pin of their name (`LIBBPF_PIN_BY_NAME`).
//!
//! They are pinned in one directory for all objects, under the name of the map, and belong to none of the sets of pins.
//! Whoever comes first makes the map; a failed run takes back the pins that it has made.

use core::fmt;

use crate::bpffs;
use crate::directory::Directory;
use crate::error::{Error, ErrorKind, Step};
use crate::path::{AsPath, CPath};
use crate::plan::{MapPlan, Plan};
use crate::properties::MapProperties;
use crate::sys::{Errno, Fd};

/// The mode of the directory, where it is made here, as with libbpf.
const DIRECTORY_MODE: u32 = 0o700;

/// The directory of the shared maps as the caller has chosen it, before load.
#[derive(Clone, Default)]
pub struct PinRoot(Option<Result<CPath, ErrorKind>>);

impl PinRoot {
    /// As it is before anything is said. (A constant would be copied from a path full of zeros.)
    pub(crate) fn unchosen() -> Self {
        Self(None)
    }

    /// A path that cannot be one is an error when it is used.
    pub(crate) fn at(path: impl AsPath) -> Self {
        Self(Some(CPath::new(path)))
    }

    /// The caller's choice, or the object's, or the bpffs that is preloaded into, or where a bpffs is by convention.
    pub(crate) fn resolve(
        &self,
        plan: &'static Plan,
        bpffs: Option<&Result<CPath, ErrorKind>>,
    ) -> Result<CPath, ErrorKind> {
        match (&self.0, plan.pin_root, bpffs) {
            (Some(chosen), ..) => chosen.clone(),
            (None, Some(path), _) => CPath::new(path),
            (None, None, Some(bpffs)) => bpffs.clone(),
            (None, None, None) => CPath::new(bpffs::DEFAULT),
        }
    }
}

impl fmt::Debug for PinRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.as_ref().and_then(|path| path.as_ref().ok());
        f.debug_tuple("PinRoot").field(&path.map(CPath::as_c_str)).finish()
    }
}

/// The shared maps of one load. Dropped before [`keep`](Self::keep), it takes back what it has made.
pub(crate) struct SharedMaps<'a> {
    plan: &'static Plan,
    chosen: &'a PinRoot,
    /// The bpffs that is preloaded into.
    bpffs: Option<&'a Result<CPath, ErrorKind>>,
    /// Open from the first look on, if it is there.
    directory: Option<Directory>,
    made_directory: bool,
    /// By map.
    made: &'a mut [bool],
    /// Takes back what was made; none as long as there is nothing.
    withdraw: Option<fn(&Self)>,
}

impl<'a> SharedMaps<'a> {
    /// `made` is as long as the plan has maps, and all `false`.
    pub(crate) fn new(
        plan: &'static Plan,
        chosen: &'a PinRoot,
        bpffs: Option<&'a Result<CPath, ErrorKind>>,
        made: &'a mut [bool],
    ) -> Self {
        Self { plan, chosen, bpffs, directory: None, made_directory: false, made, withdraw: None }
    }

    /// The shared map of that name, if there is one; one that is not what the object wants is refused.
    pub(crate) fn find(
        &mut self,
        plan: &'static MapPlan,
        wanted: &MapProperties,
    ) -> Result<Option<Fd>, Error> {
        let Some(directory) = self.open()? else { return Ok(None) };
        wanted.find(directory, plan.name, plan.name)
    }

    /// Pins a new map under its name; whether nobody else was faster.
    pub(crate) fn pin(&mut self, index: usize, plan: &'static MapPlan, map: &Fd) -> Result<bool, Error> {
        let name = CPath::new(plan.name).map_err(|kind| Error::new(Step::Pin, kind))?;
        self.withdraw = Some(Self::take_back);
        match self.open_or_make()?.pin(map, plan.name, name.as_c_str()) {
            Ok(()) => {
                if let Some(made) = self.made.get_mut(index) {
                    *made = true;
                }
                Ok(true)
            }
            Err(error) if error.errno() == Some(Errno::EEXIST) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What was made stays.
    pub(crate) fn keep(mut self) {
        self.withdraw = None;
    }

    fn root(&self) -> Result<CPath, Error> {
        self.chosen.resolve(self.plan, self.bpffs).map_err(|kind| Error::new(Step::Bpffs, kind))
    }

    fn open(&mut self) -> Result<Option<&Directory>, Error> {
        if self.directory.is_none() {
            match Directory::open(self.root()?) {
                Ok(directory) => self.directory = Some(directory),
                Err(error) if error.errno() == Some(Errno::ENOENT) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.directory.as_ref())
    }

    /// The directory itself is made where it is missing, but not what it is in.
    fn open_or_make(&mut self) -> Result<&Directory, Error> {
        if self.open()?.is_none() {
            let root = self.root()?;
            let made =
                Directory::open(root.parent())?.make_child(root.name().as_c_str(), DIRECTORY_MODE, Step::Pin);
            match made {
                Ok(_) => self.made_directory = true,
                Err(error) if error.errno() == Some(Errno::EEXIST) => {}
                Err(error) => return Err(error),
            }
        }
        let directory = match self.directory.take() {
            Some(directory) => directory,
            None => Directory::open(self.root()?)?,
        };
        Ok(self.directory.insert(directory))
    }

    /// The error that counts is the one that has led here.
    fn take_back(&self) {
        let Some(directory) = &self.directory else { return };
        for (plan, _) in self.plan.maps.iter().zip(&*self.made).filter(|(_, made)| **made) {
            if let Ok(name) = CPath::new(plan.name) {
                let _ = directory.unlink(name.as_c_str());
            }
        }
        if self.made_directory {
            if let Ok(root) = self.root() {
                let _ = Directory::open(root.parent())
                    .and_then(|parent| parent.remove_child(root.name().as_c_str()));
            }
        }
    }
}

impl Drop for SharedMaps<'_> {
    fn drop(&mut self) {
        if let Some(withdraw) = self.withdraw {
            withdraw(self);
        }
    }
}

/// Removes the pins of an object's shared maps; those that are not there are as good as removed.
pub(crate) fn unpin(plan: &'static Plan, root: Result<CPath, ErrorKind>) -> Result<(), Error> {
    let directory = Directory::open(root.map_err(|kind| Error::new(Step::Unpin, kind))?)?;
    for map in plan.maps.iter().filter(|map| map.pinned_by_name) {
        let name = CPath::new(map.name).map_err(|kind| Error::new(Step::Unpin, kind))?;
        directory.unlink(name.as_c_str()).map_err(|error| error.with_item(map.name))?;
    }
    Ok(())
}
