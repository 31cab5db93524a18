//! Bytes of the kernel's in an error: how they are kept, and how they are shown.

use core::fmt;

use crate::sys::Memory;

/// Lines of the verifier's log that `Display` shows; the reason is at its end, and takes up to 50 lines since
/// 7.3.
const LOG_LINES: usize = 64;

/// Bytes in memory of their own, up to the first NUL: an error is rare, and there is no allocator to ask.
pub(super) struct Text(Memory);

impl Text {
    /// Memory that is filled already; nothing when there is nothing in it.
    pub(super) fn new(memory: Memory) -> Option<Self> {
        let text = Self(memory);
        (!text.bytes().is_empty()).then_some(text)
    }

    pub(super) fn copy(bytes: &[u8]) -> Option<Self> {
        let mut memory = Memory::zeroed(bytes.len().max(1)).ok()?;
        memory.bytes_mut().get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self(memory))
    }

    /// What a format comes to; cut off where it is longer than any path.
    pub(super) fn format(arguments: fmt::Arguments<'_>) -> Option<Self> {
        const CAPACITY: usize = 8192;
        let mut filling = Filling { memory: Memory::zeroed(CAPACITY).ok()?, len: 0 };
        // An error is a cut.
        let _ = fmt::Write::write_fmt(&mut filling, arguments);
        Some(Self(filling.memory))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        let bytes = self.0.bytes();
        let len = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        bytes.get(..len).unwrap_or_default()
    }
}

/// A text in the making.
struct Filling {
    memory: Memory,
    len: usize,
}

impl fmt::Write for Filling {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.memory.bytes_mut().get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

/// The last lines of the log, each indented.
pub(super) fn write_log(f: &mut fmt::Formatter<'_>, log: &[u8]) -> fmt::Result {
    let lines = || log.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    let count = lines().count();
    f.write_str("\nthe verifier says")?;
    if count > LOG_LINES {
        write!(f, " (last {LOG_LINES} of {count} lines)")?;
    }
    f.write_str(":")?;
    for line in lines().skip(count.saturating_sub(LOG_LINES)) {
        f.write_str("\n    ")?;
        fmt::Display::fmt(&Lossy(line), f)?;
    }
    Ok(())
}

/// Bytes as text, with U+FFFD for what is not UTF-8.
pub(crate) struct Lossy<'a>(pub(crate) &'a [u8]);

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
