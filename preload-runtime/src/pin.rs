//! Pins: names in a bpffs that keep links and maps alive without a process.

use crate::bpffs;
use crate::error::{Call, Error, Step};
use crate::path::{AsPath, CPath};
use crate::plan::Plan;
use crate::skeleton::Skeleton;
use crate::sys::{Errno, Fd, bpf, file, process};

/// Only the owner reaches what is pinned, as with libbpf.
const DIRECTORY_MODE: u32 = 0o700;

pub(crate) fn pin_one(fd: &Fd, item: &'static str, path: impl AsPath) -> Result<(), Error> {
    let path = CPath::new(path).map_err(|kind| Error::new(Step::Pin, kind).with_item(item))?;
    bpffs::require(&path.parent())?;
    pin_at(fd, item, &path)
}

pub(crate) fn unpin_one(item: &'static str, path: impl AsPath) -> Result<(), Error> {
    let path = CPath::new(path).map_err(|kind| Error::new(Step::Unpin, kind).with_item(item))?;
    bpffs::require(&path.parent())?;
    file::remove_file(path.as_c_str())
        .map_err(|errno| Error::system(Step::Unpin, Call::Unlink, errno).with_item(item).with_path(&path))
}

fn pin_at(fd: &Fd, item: &'static str, path: &CPath) -> Result<(), Error> {
    bpf::obj_pin(fd, path.as_c_str()).map_err(|errno| {
        let hint = match errno {
            Errno::EEXIST => Some("something is pinned there already: unpin it first, or pin elsewhere"),
            Errno::EPERM if has_dot(path) => Some("a name in a bpffs may have no dot in it"),
            _ => None,
        };
        Error::system(Step::Pin, Call::ObjPin, errno).with_item(item).with_path(path).with_hint(hint)
    })
}

fn has_dot(path: &CPath) -> bool {
    path.as_bytes().rsplit(|&byte| byte == b'/').next().is_some_and(|name| name.contains(&b'.'))
}

/// Pins everything of a skeleton that has a pin name into a new directory: all of it is there, or nothing.
///
/// The pins are made in a directory of another name, which is then renamed. The caller has seen to it that the place is
/// in a bpffs.
pub(crate) fn pin_all<S: Skeleton + ?Sized>(skeleton: &S, directory: &CPath) -> Result<(), Error> {
    let staging = staging(directory).map_err(|kind| Error::new(Step::Pin, kind))?;
    file::make_directory(staging.as_c_str(), DIRECTORY_MODE)
        .map_err(|errno| Error::system(Step::Pin, Call::Mkdir, errno).with_path(&staging))?;
    let result = pin_into(skeleton, &staging).and_then(|()| {
        file::rename_new(staging.as_c_str(), directory.as_c_str()).map_err(|errno| {
            let hint = (errno == Errno::EEXIST)
                .then_some("the directory is there already: unpin what is in it first, or choose another");
            Error::system(Step::Pin, Call::Rename, errno).with_path(directory).with_hint(hint)
        })
    });
    if result.is_err() {
        // The error that counts is the first one; what cannot be removed now could not be later.
        let _ = remove_all(skeleton.plan(), &staging);
    }
    result
}

fn pin_into<S: Skeleton + ?Sized>(skeleton: &S, directory: &CPath) -> Result<(), Error> {
    let plan = skeleton.plan();
    let entry = |name: &str| directory.join(name).map_err(|kind| Error::new(Step::Pin, kind));
    for (index, program) in plan.programs.iter().enumerate() {
        if let (Some(name), Some(link)) = (program.pin, skeleton.link_at(index)) {
            pin_at(link.fd(), program.name, &entry(name)?)?;
        }
    }
    for (index, map) in plan.maps.iter().enumerate() {
        if let (Some(name), Some(handle)) = (map.pin, skeleton.map_at(index)) {
            pin_at(handle.fd(), map.name, &entry(name)?)?;
        }
    }
    Ok(())
}

/// Removes the pins of an object, and the directory once nothing else is left in it.
pub(crate) fn unpin_all(plan: &'static Plan, directory: &CPath) -> Result<(), Error> {
    bpffs::require(directory)?;
    remove_all(plan, directory)
}

fn remove_all(plan: &'static Plan, directory: &CPath) -> Result<(), Error> {
    let programs = plan.programs.iter().map(|program| (program.name, program.pin));
    let maps = plan.maps.iter().map(|map| (map.name, map.pin));
    for (item, pin) in programs.chain(maps) {
        let Some(name) = pin else { continue };
        let path = directory.join(name).map_err(|kind| Error::new(Step::Unpin, kind))?;
        match file::remove_file(path.as_c_str()) {
            // A program that was not attached has no pin.
            Ok(()) | Err(Errno::ENOENT) => {}
            Err(errno) => {
                return Err(Error::system(Step::Unpin, Call::Unlink, errno).with_item(item).with_path(&path));
            }
        }
    }
    file::remove_directory(directory.as_c_str()).map_err(|errno| {
        let hint = (errno == Errno::ENOTEMPTY).then_some("it holds something that is not of this object");
        Error::system(Step::Unpin, Call::Rmdir, errno).with_path(directory).with_hint(hint)
    })
}

/// A name beside the directory that no other process uses.
fn staging(directory: &CPath) -> Result<CPath, crate::ErrorKind> {
    let mut digits = [b'0'; 10];
    let mut rest = process::id();
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let mut staging = directory.clone();
    staging.push(b"_staging_")?;
    staging.push(&digits)?;
    Ok(staging)
}
