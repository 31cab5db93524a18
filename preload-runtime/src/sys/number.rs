//! Files that hold one number, as text.

use crate::digits;

use super::{Errno, Fd, file};

/// The number that a file begins with; `EINVAL` when it does not.
pub(crate) fn read(fd: &Fd) -> Result<u32, Errno> {
    let mut text = [0; 16];
    let len = file::read(fd, &mut text)?;
    digits::decimal(text.get(..len).unwrap_or_default().trim_ascii_end()).ok_or(Errno::EINVAL)
}
