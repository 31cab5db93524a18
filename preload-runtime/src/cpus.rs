//! The CPUs that the running kernel can have.

use core::ffi::CStr;

use crate::sys::{Errno, file};

/// The CPUs that there can be, as ranges: `0-3,8`.
const POSSIBLE: &CStr = c"/sys/devices/system/cpu/possible";

/// CPUs by number.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cpus {
    pub(crate) count: u32,
    pub(crate) last: u32,
}

impl Cpus {
    /// Those that there can be, whether they are there or not. It does not change while a kernel runs.
    pub(crate) fn possible() -> Result<Self, Errno> {
        let fd = file::open(POSSIBLE)?;
        let mut ranges = Ranges::default();
        let mut buffer = [0; 128];
        loop {
            match file::read(&fd, &mut buffer)? {
                0 => break,
                count => ranges.add(buffer.get(..count).unwrap_or_default()),
            }
        }
        ranges.finish().ok_or(Errno::EINVAL)
    }
}

/// A list of ranges that comes in pieces.
#[derive(Default)]
struct Ranges {
    /// The number that is being read.
    number: Option<u32>,
    /// The first number of the range that it is the last of.
    first: Option<u32>,
    count: u32,
    last: Option<u32>,
}

impl Ranges {
    fn add(&mut self, text: &[u8]) {
        for &byte in text {
            if byte.is_ascii_digit() {
                let number = self.number.unwrap_or_default();
                self.number = Some(number.saturating_mul(10).saturating_add(u32::from(byte - b'0')));
            } else if byte == b'-' {
                self.first = self.number.take();
            } else {
                self.end();
            }
        }
    }

    fn end(&mut self) {
        let Some(last) = self.number.take() else { return };
        let first = self.first.take().unwrap_or(last);
        self.count = self.count.saturating_add(last.saturating_sub(first)).saturating_add(1);
        self.last = self.last.max(Some(last));
    }

    fn finish(mut self) -> Option<Cpus> {
        self.end();
        Some(Cpus { count: self.count, last: self.last? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpus(pieces: &[&str]) -> Option<(u32, u32)> {
        let mut ranges = Ranges::default();
        for piece in pieces {
            ranges.add(piece.as_bytes());
        }
        ranges.finish().map(|cpus| (cpus.count, cpus.last))
    }

    #[test]
    fn cpus_are_counted_up_to_the_last() {
        assert_eq!(cpus(&["0\n"]), Some((1, 0)));
        assert_eq!(cpus(&["0-3,8\n"]), Some((5, 8)));
        assert_eq!(cpus(&["0-1", "27"]), Some((128, 127)));
        assert_eq!(cpus(&["0,2,4-5,10-", "11\n"]), Some((6, 11)));
        assert_eq!(cpus(&["\n"]), None);
        assert_eq!(cpus(&["4294967295\n"]), Some((1, u32::MAX)));
    }
}
