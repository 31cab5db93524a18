//! What the kernel has to say of a load that it refuses.

use crate::error::Error;
use crate::sys::{Errno, Fd, Memory};

/// Room for what the verifier has to say, as much as kernels since 5.10 take; pages it does not write cost nothing.
pub(crate) const LOG_SIZE: usize = (16 << 20) - 1;

/// Tries a refused load once more with room for the kernel's reasons, where it can have any. An error that does not last is
/// none.
pub(crate) fn with_log(
    error: Error,
    again: impl FnOnce(&mut [u8]) -> Result<Fd, Errno>,
) -> Result<Fd, Error> {
    if !may_have_log(&error) {
        return Err(error);
    }
    let Ok(mut log) = Memory::zeroed(LOG_SIZE) else { return Err(error) };
    match again(log.bytes_mut()) {
        Ok(fd) => Ok(fd),
        Err(_) => Err(error.with_log(log)),
    }
}

/// Whether it can be the verifier that has refused.
pub(crate) fn may_have_log(error: &Error) -> bool {
    !matches!(error.errno(), Some(Errno::EMFILE | Errno::ENFILE | Errno::ENOSYS))
}
