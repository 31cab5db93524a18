//! Bytes of the kernel's in an error: how they are kept, and how they are shown.

use core::fmt;

use crate::sys::Memory;

/// Lines of the verifier's log that `Display` shows; the reason is at its end, and takes up to 50 lines since
/// 7.3.
const LOG_LINES: usize = 64;

/// Room for a text that is made here.
const PAGE: usize = 4096;

/// Bytes in memory of their own: an error is rare, and there is no allocator to ask.
pub(super) struct Text {
    memory: Memory,
    len: usize,
}

impl Text {
    /// The first bytes of memory that is filled already.
    pub(super) fn new(memory: Memory, len: usize) -> Self {
        Self { memory, len }
    }

    pub(super) fn copy(bytes: &[u8]) -> Option<Self> {
        let mut memory = Memory::zeroed(bytes.len().max(1)).ok()?;
        memory.bytes_mut().get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self { memory, len: bytes.len() })
    }

    /// What does not fit on a page is cut off.
    pub(super) fn format(text: fmt::Arguments<'_>) -> Option<Self> {
        let mut new = Self { memory: Memory::zeroed(PAGE).ok()?, len: 0 };
        let _ = fmt::Write::write_fmt(&mut new, text);
        Some(new)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.memory.bytes().get(..self.len).unwrap_or_default()
    }
}

/// The last lines of the log, each indented.
impl fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        let room = self.memory.bytes_mut().get_mut(self.len..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

pub(super) fn write_log(f: &mut fmt::Formatter<'_>, log: &[u8]) -> fmt::Result {
    let lines = || log.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    let count = lines().count();
    f.write_str("\nthe verifier says")?;
    if count > LOG_LINES {
        write!(f, " (last {LOG_LINES} of {count} lines)")?;
    }
    f.write_str(":")?;
    for line in lines().skip(count.saturating_sub(LOG_LINES)) {
        write!(f, "\n    {}", Lossy(line))?;
    }
    Ok(())
}

/// Bytes as text, with U+FFFD for what is not UTF-8.
pub(super) struct Lossy<'a>(pub(super) &'a [u8]);

impl fmt::Display for Lossy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_str("\u{fffd}")?;
            }
        }
        Ok(())
    }
}
