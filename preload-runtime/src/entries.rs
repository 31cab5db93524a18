//! Numbers of entries that only the running machine can tell. The rules are libbpf's.

use core::ffi::CStr;

use crate::error::{Call, Error, Step};
use crate::plan::MapPlan;
use crate::sys::{Errno, file, page_size};

/// The CPUs that there can be, as ranges: `0-3,8`.
const POSSIBLE: &CStr = c"/sys/devices/system/cpu/possible";

/// `BPF_MAP_TYPE_PERF_EVENT_ARRAY`.
const PERF_EVENT_ARRAY: u32 = 4;
/// `BPF_MAP_TYPE_LRU_HASH`, `BPF_MAP_TYPE_LRU_PERCPU_HASH`.
const LRU_HASHES: [u32; 2] = [9, 10];
const F_NO_COMMON_LRU: u32 = 1 << 1;
/// `BPF_MAP_TYPE_RINGBUF`, `BPF_MAP_TYPE_USER_RINGBUF`.
const RING_BUFFERS: [u32; 2] = [27, 31];

/// What the number in a plan, or the caller's, comes to here.
///
/// A perf event array without a number gets an element for each CPU, a ring buffer the next power of two that
/// is a whole number of pages.
pub(crate) fn effective(map_type: u32, max_entries: u32) -> Result<u32, Error> {
    match (map_type, max_entries) {
        (PERF_EVENT_ARRAY, 0) => Ok(possible_cpus()?.last + 1),
        // A size that was forgotten is for the kernel to refuse, as is one that no power of two is left for.
        (_, 1..) if RING_BUFFERS.contains(&map_type) => {
            Ok(max_entries.max(page_size()).checked_next_power_of_two().unwrap_or(max_entries))
        }
        _ => Ok(max_entries),
    }
}

/// What a map has that was made with an [`effective`] number.
///
/// An LRU hash that keeps a list for each CPU has a whole number of entries for each: more, or less where there are not so
/// many numbers.
pub(crate) fn kept(plan: &MapPlan, max_entries: u32) -> Result<u32, Error> {
    if !LRU_HASHES.contains(&plan.map_type) || plan.flags & F_NO_COMMON_LRU == 0 {
        return Ok(max_entries);
    }
    let cpus = u64::from(possible_cpus()?.count);
    let whole = u64::from(max_entries).next_multiple_of(cpus);
    Ok(u32::try_from(whole).unwrap_or((u64::from(max_entries) / cpus * cpus) as u32))
}

/// The CPUs that there can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cpus {
    /// How many; at least one.
    count: u32,
    /// The number of the last one: CPUs are the indices of a perf event array.
    last: u32,
}

fn possible_cpus() -> Result<Cpus, Error> {
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
    ranges.cpus().ok_or_else(|| failed(Call::Read, Errno::EINVAL))
}

/// What is in a text of ranges that comes in pieces.
#[derive(Clone, Copy, Default)]
struct Ranges {
    /// The number that is being read.
    number: Option<u32>,
    /// Where its range starts, if it is the end of one.
    start: Option<u32>,
    count: u32,
    largest: Option<u32>,
}

impl Ranges {
    fn add(&mut self, text: &[u8]) {
        for &byte in text {
            match byte {
                b'0'..=b'9' => {
                    let number = self.number.unwrap_or_default();
                    self.number = Some(number.saturating_mul(10).saturating_add(u32::from(byte - b'0')));
                }
                b'-' => self.start = self.number.take(),
                _ => self.end(),
            }
        }
    }

    /// A range, or a number alone, is over.
    fn end(&mut self) {
        let Some(last) = self.number.take() else { return };
        let start = self.start.take().unwrap_or(last);
        self.count = self.count.saturating_add(last.saturating_sub(start)).saturating_add(1);
        self.largest = self.largest.max(Some(last));
    }

    fn cpus(mut self) -> Option<Cpus> {
        self.end();
        let last = self.largest.filter(|&last| last < u32::MAX)?;
        Some(Cpus { count: self.count, last })
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
        ranges.cpus().map(|cpus| (cpus.count, cpus.last))
    }

    #[test]
    fn cpus_are_counted_up_to_the_last() {
        assert_eq!(cpus(&["0\n"]), Some((1, 0)));
        assert_eq!(cpus(&["0-3,8\n"]), Some((5, 8)));
        assert_eq!(cpus(&["0-1", "27,12", "8-129"]), Some((130, 129)));
        assert_eq!(cpus(&["\n"]), None);
        assert_eq!(cpus(&["4294967295\n"]), None);
    }

    #[test]
    fn lru_lists_of_each_cpu_are_alike() {
        let plan = |flags| MapPlan { map_type: LRU_HASHES[0], flags, ..MapPlan::EMPTY };
        let cpus = possible_cpus().unwrap().count;
        assert_eq!(kept(&plan(F_NO_COMMON_LRU), 3 * cpus + 1).unwrap(), if cpus == 1 { 4 } else { 4 * cpus });
        assert_eq!(kept(&plan(0), 3 * cpus + 1).unwrap(), 3 * cpus + 1);
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
