//! Variables of an arena are at its start, wherever it lies.

use preload_macros::bpf_preload;
use serde_json::Value;

use super::shown;
use crate::harness::{Need, Outcome, Test, equal};
use crate::witness::{Bpffs, cat};

#[bpf_preload("../../bpf/data/arena.bpf.o")]
mod arena {}

#[bpf_preload("../../bpf/data/arena_at.bpf.o")]
mod arena_at {}

#[bpf_preload("../../bpf/data/arena_empty.bpf.o")]
mod arena_empty {}

pub(crate) const TESTS: &[Test] =
    &[Test { name: "data::arenas_hold_their_variables", needs: &[Need::Kernel(6, 9)], run: variables }];

fn variables() -> Outcome {
    const EXPECTED: [&str; 2] = ["15 6 0 17\n", "25 6 0 27\n"];
    let bpffs = Bpffs::mount()?;
    arena::Skel::preload(bpffs.path())?;
    let skel = arena_at::Skel::preload(bpffs.path())?;
    let shown = shown("map", skel.maps.pages.id()?)?;
    let extra = shown.get("map_extra").and_then(Value::as_u64);
    // An older `bpftool` does not show it.
    equal(extra.unwrap_or(0x1000_0000_0000), 0x1000_0000_0000, "the address that was asked for")?;
    drop(skel);
    for expected in EXPECTED {
        for object in ["arena", "arena_at"] {
            equal(cat(bpffs.join(object).join("show"))?.as_str(), expected, object)?;
        }
    }
    arena_empty::Skel::preload(bpffs.path())?;
    equal(cat(bpffs.join("arena_empty/show"))?.as_str(), "empty\n", "an arena without variables")?;

    let mut open = arena::Skel::open();
    open.maps.pages.set_max_entries(1);
    let error = open.load().err().ok_or("variables of two pages are in one")?;
    equal(error.to_string().contains("fewer pages than its variables take"), true, &error.to_string())
}
