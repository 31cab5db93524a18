//! Files that hold one number, as text.

use super::{Errno, Fd, file};

/// The number that a file begins with; `EINVAL` when it does not.
pub(crate) fn read(fd: &Fd) -> Result<u32, Errno> {
    let mut text = [0; 16];
    let len = file::read(fd, &mut text)?;
    let text = core::str::from_utf8(text.get(..len).unwrap_or_default()).map_err(|_| Errno::EINVAL)?;
    text.trim_end().parse().map_err(|_| Errno::EINVAL)
}
