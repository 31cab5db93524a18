//! The lines of a file of the kernel's, one after the other, with a buffer on the stack.

use crate::sys::{Errno, Fd, file};

/// Longer lines are cut.
const LONGEST: usize = 4096;

/// Shows each line, without its end, until one gives an error.
pub(super) fn each(fd: &Fd, mut line: impl FnMut(&[u8]) -> Result<(), Errno>) -> Result<(), Errno> {
    let mut buffer = [0; LONGEST];
    let mut filled = 0;
    loop {
        let count = file::read(fd, &mut buffer[filled..])?;
        filled += count;
        let mut start = 0;
        while let Some(len) = buffer[start..filled].iter().position(|&byte| byte == b'\n') {
            line(&buffer[start..start + len])?;
            start += len + 1;
        }
        if count == 0 || (start == 0 && filled == LONGEST) {
            if filled > start {
                line(&buffer[start..filled])?;
            }
            if count == 0 {
                return Ok(());
            }
            start = filled;
        }
        buffer.copy_within(start..filled, 0);
        filled -= start;
    }
}
