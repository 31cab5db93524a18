//! Numbers of entries that only the running machine can tell. The rules are libbpf's.

use crate::cpus::Cpus;
use crate::error::{Call, Error, Step};
use crate::plan::MapPlan;
use crate::sys::page_size;

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
        (PERF_EVENT_ARRAY, 0) => Ok(possible_cpus()?.last.saturating_add(1)),
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
    let cpus = u64::from(possible_cpus()?.count.max(1));
    let whole = u64::from(max_entries).next_multiple_of(cpus);
    Ok(u32::try_from(whole).unwrap_or((u64::from(max_entries) / cpus * cpus) as u32))
}

fn possible_cpus() -> Result<Cpus, Error> {
    Cpus::possible().map_err(|errno| {
        Error::system(Step::CreateMap, Call::Read, errno).with_hint(Some(
            "the number of CPUs is in /sys/devices/system/cpu/possible: mount sysfs, or set the number of entries",
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
