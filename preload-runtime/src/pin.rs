//! Pins: names in a bpffs that keep links and maps alive without a process.

use crate::directory::Directory;
use crate::error::{Error, ErrorKind, Step};
use crate::path::{AsPath, CPath};
use crate::sys::{Errno, Fd};
use crate::transaction;

pub(crate) fn pin_one(fd: &Fd, item: &'static str, path: impl AsPath) -> Result<(), Error> {
    let path = CPath::new(path).map_err(|kind| Error::new(Step::Pin, kind).with_item(item))?;
    let name = path.name();
    Directory::open(path.parent())?.pin(fd, item, name.as_c_str()).map_err(|error| {
        let hint = match error.errno() {
            Some(Errno::EEXIST) => {
                Some("something is pinned there already: unpin it first, or pin elsewhere")
            }
            Some(Errno::EPERM) if name.as_bytes().contains(&b'.') => {
                Some("a name in a bpffs may have no dot in it")
            }
            _ => None,
        };
        error.with_hint(hint)
    })
}

pub(crate) fn unpin_one(item: &'static str, path: impl AsPath) -> Result<(), Error> {
    let path = CPath::new(path).map_err(|kind| Error::new(Step::Unpin, kind).with_item(item))?;
    let directory = Directory::open(path.parent())?;
    let name = path.name();
    match directory.owner(name.as_c_str(), Step::Unpin)? {
        Some(_) => directory.unlink(name.as_c_str()).map_err(|error| error.with_item(item)),
        None => Err(directory.missing(Step::Unpin, name.as_c_str()).with_item(item)),
    }
}

/// What is pinned at a path.
pub(crate) fn get_one(item: &'static str, path: impl AsPath) -> Result<Fd, Error> {
    let path = CPath::new(path).map_err(|kind| Error::new(Step::Open, kind).with_item(item))?;
    let name = path.name();
    let directory = Directory::open(path.parent())?;
    directory
        .get(item, name.as_c_str(), Step::Open)?
        .ok_or_else(|| directory.missing(Step::Open, name.as_c_str()).with_item(item))
}

/// The error about what is pinned at a path.
pub(crate) fn refused(item: &'static str, path: impl AsPath, kind: ErrorKind) -> Error {
    let error = Error::new(Step::Open, kind).with_item(item);
    match CPath::new(path) {
        Ok(path) => error.with_path(&path),
        Err(_) => error,
    }
}

/// Removes what was preloaded as a directory, whatever object it is of: its pins, then the directory. Links go with their pins,
/// unless somebody holds them. Maps that are shared by their names are no part of it.
///
/// ```no_run
/// preload_runtime::unpin("/sys/fs/bpf/iterators")?;
/// # Ok::<(), preload_runtime::Error>(())
/// ```
///
/// # Errors
///
/// `ENOENT` when the directory is not there; [`ErrorKind::Foreign`] when it is not a preload, or when something else is in it: then
/// nothing is removed. `EAGAIN` while a preloader is at work beside it. [`ErrorKind::NotBpffs`] where the directory above is not in a
/// bpffs.
pub fn unpin(directory: impl AsPath) -> Result<(), Error> {
    let path = CPath::new(directory).map_err(|kind| Error::new(Step::Unpin, kind))?;
    transaction::unpin_any(&path)
}
