//! Maps of the old kind, `SEC("maps")`: with and without type information, alone and beside others.

#![allow(missing_docs, reason = "each object has its description in the BPF source")]

use std::path::Path;

use preload_macros::bpf_preload;
use preload_runtime::Map;
use serde_json::Value;

use super::shown;
use crate::harness::{Outcome, Test, equal};
use crate::witness::{Bpffs, cat, number, pinned_id};

#[bpf_preload("../../bpf/maps/legacy.bpf.o")]
mod legacy {}

#[bpf_preload("../../bpf/maps/legacy_long.bpf.o")]
mod legacy_long {}

#[bpf_preload("../../bpf/maps/legacy_mixed.bpf.o")]
mod legacy_mixed {}

pub(crate) const TESTS: &[Test] = &[Test { name: "maps::of_the_old_kind", needs: &[], run: old_kind }];

/// What the definitions say is what is there, and programs find it.
fn check(directory: &Path, numbers: &Map, words: &Map) -> Outcome {
    for (map, kind, entries, flags) in [(numbers, "hash", 4, 0), (words, "array", 2, 1 << 10)] {
        let shown = shown(map)?;
        equal(shown.get("type").and_then(Value::as_str), Some(kind), map.name())?;
        equal(number(&shown, "bytes_key")?, 4, map.name())?;
        equal(number(&shown, "bytes_value")?, 8, map.name())?;
        equal(number(&shown, "max_entries")?, entries, map.name())?;
        equal(number(&shown, "flags")?, flags, map.name())?;
    }
    equal(cat(directory.join("show"))?.as_str(), "42\n", "what a program has put in and taken out")
}

fn old_kind() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let skel = legacy::Skel::preload(bpffs.path())?;
    check(&bpffs.join("legacy"), &skel.maps.numbers, &skel.maps.words)?;
    let skel = legacy_mixed::Skel::preload(bpffs.path())?;
    check(&bpffs.join("legacy_mixed"), &skel.maps.numbers, &skel.maps.words)?;
    equal(number(&shown(&skel.maps.modern)?, "max_entries")?, 1, "the map of the new kind")?;

    let skel = legacy_long::Skel::preload(bpffs.path())?;
    check(&bpffs.join("legacy_long"), &skel.maps.numbers, &skel.maps.words)?;
    equal(pinned_id("map", &bpffs.join("words"))?, skel.maps.words.id()?, "what aya pins by name")
}
