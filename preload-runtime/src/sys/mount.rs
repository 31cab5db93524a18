//! File systems without a place: mounted for the descriptor that is returned, and gone with it.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use core::ffi::CStr;

use super::raw::{Call, syscall};
use super::{Errno, Fd};

const FSOPEN_CLOEXEC: usize = 1;
const FSMOUNT_CLOEXEC: usize = 1;
const FSCONFIG_CMD_CREATE: usize = 6;

/// Mounts a file system of a kernel's own, such as tracefs, at no path (5.2). It takes `CAP_SYS_ADMIN`.
pub(crate) fn detached(file_system: &CStr) -> Result<Fd, Errno> {
    let args = [file_system.as_ptr() as usize, FSOPEN_CLOEXEC, 0, 0, 0];
    // SAFETY: the name ends with a NUL.
    let context = Fd::new(unsafe { syscall(Call::Fsopen, args) }?)?;
    // SAFETY: this command takes no address.
    unsafe { syscall(Call::Fsconfig, [context.raw() as usize, FSCONFIG_CMD_CREATE, 0, 0, 0]) }?;
    // SAFETY: no argument is an address.
    Fd::new(unsafe { syscall(Call::Fsmount, [context.raw() as usize, FSMOUNT_CLOEXEC, 0, 0, 0]) }?)
}
