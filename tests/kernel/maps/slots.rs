//! Slots given in the source: maps in maps, programs in program arrays.

#![allow(missing_docs, reason = "each object has its description in the BPF source")]

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::Map;
use serde_json::Value;

use super::shown;
use crate::harness::{Need, Outcome, Test, equal};
use crate::witness::{Bpffs, cat, number, run};

#[bpf_preload("../../bpf/maps/in_maps.bpf.o")]
mod in_maps {}

#[bpf_preload("../../bpf/maps/tail_calls.bpf.o")]
mod tail_calls {}

pub(crate) const TESTS: &[Test] = &[
    Test { name: "maps::slots_hold_maps", needs: RING, run: maps },
    Test { name: "maps::slots_hold_programs", needs: &[], run: programs },
];

/// One of the inner definitions is a ring buffer.
const RING: &[Need] = &[Need::Kernel(5, 8)];

/// The slots of a map that hold something, each with the id of what it holds.
fn slots(map: &Map) -> Result<Vec<(u32, u32)>, Failed> {
    let id = map.id()?.to_string();
    let output = run(std::process::Command::new("bpftool").args(["--json", "map", "dump", "id", &id]))?;
    let Value::Array(entries) = serde_json::from_slice(&output.stdout)? else {
        return Err("bpftool prints no list".into());
    };
    // Numbers are lists of bytes, or of an id alone; what could not be looked up is an error in its place.
    let bytes = |value: &Value| -> Option<Vec<u8>> {
        let byte = |byte: &Value| u8::from_str_radix(byte.as_str()?.trim_start_matches("0x"), 16).ok();
        value.as_array()?.iter().map(byte).collect()
    };
    let word = |value: &Value| Some(u32::from_le_bytes(bytes(value)?.try_into().ok()?));
    let held = |entry: &Value| {
        let id = entry.get("inner_map_id").or(entry.get("prog_id"));
        let id = id.and_then(Value::as_u64).and_then(|id| u32::try_from(id).ok());
        Some((word(entry.get("key")?)?, id.or_else(|| word(entry.get("value")?))?))
    };
    let mut slots: Vec<_> = entries.iter().filter_map(held).collect();
    slots.sort_unstable();
    Ok(slots)
}

fn maps() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let skel = in_maps::Skel::preload(bpffs.path())?;
    let (one, two) = (skel.maps.one.id()?, skel.maps.two.id()?);
    equal(slots(&skel.maps.by_index)?, vec![(0, two), (2, one)], "the slots of the array")?;
    equal(slots(&skel.maps.by_key)?, vec![(1, one), (3, two)], "the slots of the hash")?;
    equal(slots(&skel.maps.rings)?, Vec::new(), "the slots of a map without any")?;
    equal(number(&shown(&skel.maps.by_index)?, "bytes_value")?, 4, "bytes of a value")?;
    drop(skel);
    let expected = "0: 22 0\n1: 0 11\n2: 11 0\n3: 0 22\n";
    equal(cat(bpffs.join("in_maps/show"))?.as_str(), expected, "what a program sees")
}

fn programs() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let skel = tail_calls::Skel::preload(bpffs.path())?;
    let expected = vec![(1, skel.progs.middle.id()?), (5, skel.progs.last.id()?)];
    equal(slots(&skel.maps.calls)?, expected, "the slots")?;
    drop(skel);
    // The pin keeps what is in the slots.
    equal(cat(bpffs.join("tail_calls/start"))?.as_str(), "start\nmiddle\nlast\n", "what the programs print")?;

    // What was left out is in its slot as soon as it is loaded.
    let mut open = tail_calls::Skel::open();
    open.progs.left_out.set_autoload(true);
    let skel = open.load()?;
    let left_out = skel.progs.left_out.id()?;
    equal(slots(&skel.maps.calls)?.get(1).copied(), Some((2, left_out)), "the slot of an optional program")
}
