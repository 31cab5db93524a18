//! A map of each type there is: every kernel makes those that it knows, and keeps the types of keys and values where it can.

#![allow(missing_docs, reason = "each object has its description in the BPF source")]

use preload_macros::bpf_preload;
use preload_runtime::{Error, Skeleton};

use super::shown;
use crate::harness::{Need, Outcome, Test, equal};
use crate::witness::number;

macro_rules! objects {
    ($($name:ident $path:literal;)*) => {$(
        #[bpf_preload($path)]
        mod $name {}
    )*};
}

objects! {
    types_5_10 "../../bpf/maps/types_5_10.bpf.o";
    types_5_16 "../../bpf/maps/types_5_16.bpf.o";
    types_6_1 "../../bpf/maps/types_6_1.bpf.o";
    types_6_2 "../../bpf/maps/types_6_2.bpf.o";
    inode_storage "../../bpf/maps/inode_storage.bpf.o";
    xsk "../../bpf/maps/xsk.bpf.o";
}

pub(crate) const TESTS: &[Test] = &[
    Test { name: "maps::every_type_of_5_10", needs: &[], run: || types(types_5_10::Skel::open().load()) },
    Test {
        name: "maps::every_type_of_5_16",
        needs: &[Need::Kernel(5, 16)],
        run: || types(types_5_16::Skel::open().load()),
    },
    Test {
        name: "maps::every_type_of_6_1",
        needs: &[Need::Kernel(6, 1)],
        run: || types(types_6_1::Skel::open().load()),
    },
    Test {
        name: "maps::every_type_of_6_2",
        needs: &[Need::Kernel(6, 2)],
        run: || types(types_6_2::Skel::open().load()),
    },
    Test {
        name: "maps::inode_storage",
        needs: &[Need::BpfLsm],
        run: || types(inode_storage::Skel::open().load()),
    },
    Test { name: "maps::xsk_maps", needs: &[], run: || types(xsk::Skel::open().load()) },
];

/// Types that kernels make without the types of keys and values only.
const WITHOUT_TYPES: [&str; 14] = [
    "perf_event_array",
    "stack_trace",
    "cgroup_array",
    "array_of_maps",
    "hash_of_maps",
    "devmap",
    "devmap_hash",
    "sockmap",
    "sockhash",
    "cpumap",
    "xskmap",
    "queue",
    "stack",
    // They have neither.
    "ringbuf",
];

/// Each map is of the type that it is named after, as `bpftool` calls it.
fn types(skel: Result<impl Skeleton, Error>) -> Outcome {
    let skel = skel?;
    equal(skel.maps().count(), skel.plan().maps.len(), "the maps")?;
    for map in skel.maps() {
        let shown = shown(map)?;
        match shown.get("type") {
            Some(serde_json::Value::String(name)) => equal(name.as_str(), map.name(), "the type")?,
            // A `bpftool` older than the type has no name for it.
            _ => equal(number(&shown, "type")?, map.plan().map_type, map.name())?,
        }
        let described = !WITHOUT_TYPES.contains(&map.name()) && map.name() != "user_ringbuf";
        equal(shown.get("btf_id").is_some(), described, map.name())?;
    }
    Ok(())
}
