//! Numbers of entries that only the running machine can tell. The rules are libbpf's.

use core::ffi::CStr;

use crate::error::{Call, Error, Step};
use crate::sys::{Errno, file, page_size};

/// The CPUs that there can be, as ranges: `0-3,8`.
const POSSIBLE: &CStr = c"/sys/devices/system/cpu/possible";

/// `BPF_MAP_TYPE_PERF_EVENT_ARRAY`.
const PERF_EVENT_ARRAY: u32 = 4;
/// `BPF_MAP_TYPE_RINGBUF`, `BPF_MAP_TYPE_USER_RINGBUF`.
const RING_BUFFERS: [u32; 2] = [27, 31];

/// What the number in a plan, or the caller's, comes to here.
///
/// A perf event array without a number gets an element for each CPU, a ring buffer the next power of two that
/// is a whole number of pages.
pub(crate) fn effective(map_type: u32, max_entries: u32) -> Result<u32, Error> {
    match (map_type, max_entries) {
        (PERF_EVENT_ARRAY, 0) => possible_cpus(),
        // A size that was forgotten is for the kernel to refuse, as is one that no power of two is left for.
        (_, 1..) if RING_BUFFERS.contains(&map_type) => {
            Ok(max_entries.max(page_size()).checked_next_power_of_two().unwrap_or(max_entries))
        }
        _ => Ok(max_entries),
    }
}

/// The number of the last CPU that there can be, and one: CPUs are the indices of a perf event array.
fn possible_cpus() -> Result<u32, Error> {
    let failed = |call, errno| {
        Error::system(Step::CreateMap, call, errno).with_hint(Some(
            "the number of CPUs is in /sys/devices/system/cpu/possible: mount sysfs, or set the number of entries",
        ))
    };
    let fd = file::open(POSSIBLE).map_err(|errno| failed(Call::Open, errno))?;
    let mut ranges = Ranges::default();
    let mut buffer = [0; 128];
    loop {
        match file::read(&fd, &mut buffer).map_err(|errno| failed(Call::Read, errno))? {
            0 => break,
            count => ranges.add(buffer.get(..count).unwrap_or_default()),
        }
    }
    ranges.count().ok_or_else(|| failed(Call::Read, Errno::EINVAL))
}

/// The largest number in a text that comes in pieces.
#[derive(Default)]
struct Ranges {
    /// The number that is being read.
    number: Option<u32>,
    largest: Option<u32>,
}

impl Ranges {
    fn add(&mut self, text: &[u8]) {
        for &byte in text {
            if byte.is_ascii_digit() {
                let number = self.number.unwrap_or_default();
                self.number = Some(number.saturating_mul(10).saturating_add(u32::from(byte - b'0')));
            } else {
                self.largest = self.largest.max(self.number.take());
            }
        }
    }

    fn count(&self) -> Option<u32> {
        self.largest.max(self.number)?.checked_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(pieces: &[&str]) -> Option<u32> {
        let mut ranges = Ranges::default();
        for piece in pieces {
            ranges.add(piece.as_bytes());
        }
        ranges.count()
    }

    #[test]
    fn cpus_are_counted_up_to_the_last() {
        assert_eq!(count(&["0\n"]), Some(1));
        assert_eq!(count(&["0-3,8\n"]), Some(9));
        assert_eq!(count(&["0-1", "27"]), Some(128));
        assert_eq!(count(&["\n"]), None);
        assert_eq!(count(&["4294967295\n"]), None);
    }

    #[test]
    fn ring_buffers_are_whole_pages() {
        for ring in RING_BUFFERS {
            for (given, taken) in [(0, 0), (1, 4096), (4096, 4096), (4097, 8192), (200_000, 262_144)] {
                assert_eq!(effective(ring, given).unwrap(), taken);
            }
            assert_eq!(effective(ring, u32::MAX).unwrap(), u32::MAX);
        }
        assert_eq!(effective(1, 5000).unwrap(), 5000);
    }
}
