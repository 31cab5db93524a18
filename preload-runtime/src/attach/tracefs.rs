//! tracefs, wherever it is mounted, or where it is not.

use core::ffi::CStr;

use crate::sys::{Errno, Fd, directory, file, mount, number};

/// Where it is mounted on most machines, and where debugfs makes it appear.
const PLACES: [&CStr; 2] = [c"/sys/kernel/tracing", c"/sys/kernel/debug/tracing"];

/// Opens a file of tracefs by its path in there.
pub(super) fn open(path: &CStr) -> Result<Fd, Errno> {
    for place in PLACES {
        // An empty directory is where it could be mounted.
        let Ok(root) = directory::open(place) else { continue };
        if file::open_in(&root, c"events").is_ok() {
            return file::open_in(&root, path);
        }
    }
    // A mount of our own, which nobody else sees and which goes with its descriptor: an early boot has none (5.2).
    file::open_in(&mount::detached(c"tracefs")?, path)
}

/// The number that a file of tracefs holds.
pub(super) fn read_number(path: &CStr) -> Result<u32, Errno> {
    number::read(&open(path)?)
}
