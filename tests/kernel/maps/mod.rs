//! Maps are made as their definitions mean, whatever the kernel thinks of the letter; programs are left out
//! as their sections say.

#![allow(missing_docs, reason = "each object has its description in the BPF source")]

pub(crate) mod every_type;
pub(crate) mod legacy;
pub(crate) mod pinned;
pub(crate) mod slots;

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::{Existing, Map, Preload, Skeleton};

use crate::harness::{Need, Outcome, Test, ensure, equal, read};
use crate::witness::{Bpffs, number, show, variables};

#[bpf_preload("../../bpf/maps.bpf.o")]
mod maps {}

#[bpf_preload("../../bpf/newer_maps.bpf.o")]
mod newer_maps {}

#[bpf_preload("../../bpf/left_out.bpf.o")]
mod left_out {}

#[bpf_preload("../../bpf/alias.bpf.o")]
mod alias {}

#[bpf_preload("../../bpf/extra_data.bpf.o")]
mod extra_data {}

#[bpf_preload("../../bpf/hidden.bpf.o")]
mod hidden {}

#[bpf_preload("../../bpf/shadowed.bpf.o")]
mod shadowed {}

pub(crate) const TESTS: &[Test] = &[
    Test { name: "maps::types_that_the_kernel_refuses_are_left_out", needs: RING, run: refused_types },
    Test { name: "maps::ring_buffers_are_rounded_up", needs: RING, run: ring_buffers },
    Test { name: "maps::user_ring_buffers_are_rounded_up", needs: &[Need::Kernel(6, 1)], run: user_ring },
    Test { name: "maps::perf_events_have_a_place_for_each_cpu", needs: RING, run: perf_events },
    Test { name: "maps::a_node_needs_its_flag", needs: RING, run: numa_node },
    Test { name: "maps::what_was_rounded_is_carried_over", needs: RING, run: carried },
    Test { name: "maps::programs_may_be_left_out_by_their_section", needs: &[], run: programs_left_out },
    Test { name: "maps::what_is_only_unusual_is_loaded", needs: &[], run: unusual },
];

/// The objects have a ring buffer in them.
const RING: &[Need] = &[Need::Kernel(5, 8)];

pub(super) fn shown(map: &Map) -> Result<serde_json::Value, Failed> {
    show(&["map".as_ref(), "show".as_ref(), "id".as_ref(), map.id()?.to_string().as_ref()])
}

fn max_entries(map: &Map) -> Result<u32, Failed> {
    number(&shown(map)?, "max_entries")
}

fn refused_types() -> Outcome {
    let skel = maps::Skel::open().load()?;
    equal(skel.maps().count(), maps::PLAN.maps.len(), "the maps")?;
    // Where the kernel takes the types, it has them.
    for (map, described) in
        [(&*skel.maps.by_number, true), (&*skel.maps.by_enum, false), (&*skel.maps.hash, false)]
    {
        equal(shown(map)?.get("btf_id").is_some(), described, map.name())?;
    }
    Ok(())
}

/// The size on machines with pages of 4 KiB, or that of those with larger ones.
fn rounded(map: &Map, expected: u32) -> Outcome {
    let found = max_entries(map)?;
    ensure(found == expected || found == 65536, || format!("{} has {found} bytes", map.name()))
}

fn ring_buffers() -> Outcome {
    let mut open = maps::Skel::open();
    rounded(&open.clone().load()?.maps.ring, 8192)?;
    open.maps.ring.set_max_entries(1);
    rounded(&open.clone().load()?.maps.ring, 4096)?;
    open.maps.ring.set_max_entries(0);
    ensure(open.load().is_err(), || "a ring buffer without a size is made".into())
}

fn user_ring() -> Outcome {
    let skel = newer_maps::Skel::open().load()?;
    rounded(&skel.maps.user_ring, 4096)?;
    ensure(shown(&skel.maps.bloom)?.get("btf_id").is_some(), || {
        "a map without keys has lost its types".into()
    })
}

fn perf_events() -> Outcome {
    let possible = read("/sys/devices/system/cpu/possible")?;
    let last = possible.trim().rsplit([',', '-']).next().unwrap_or_default();
    let cpus = last.parse::<u32>()? + 1;
    let mut open = maps::Skel::open();
    let skel = open.clone().load()?;
    equal(max_entries(&skel.maps.events)?, cpus, "entries where none were given")?;
    equal(max_entries(&skel.maps.one_event)?, 1, "entries that were given")?;
    open.maps.events.set_max_entries(2);
    equal(max_entries(&open.load()?.maps.events)?, 2, "entries that were chosen before load")
}

fn numa_node() -> Outcome {
    const NUMA_NODE: u32 = 1 << 2;
    let skel = maps::Skel::open().load()?;
    equal(number(&shown(&skel.maps.any_node)?, "flags")?, 0, "flags without the flag")?;
    equal(number(&shown(&skel.maps.first_node)?, "flags")?, NUMA_NODE, "flags with the flag")
}

/// What the kernel has is compared with what would be asked of it, not with what the source says.
fn carried() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let first = maps::Skel::preload(bpffs.path())?;
    let options = Preload::at(bpffs.path()).existing(Existing::Replace).carry_maps(true);
    let second = maps::Skel::open().preload(options)?.skeleton().ok_or("the old set was kept")?;
    for (old, new) in first.maps().zip(second.maps()) {
        equal(old.id()?, new.id()?, old.name())?;
    }
    Ok(())
}

fn programs_left_out() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let skel = left_out::Skel::preload(bpffs.path())?;
    equal(bpffs.list("left_out")?, vec!["always".to_owned()], "the pins")?;
    equal(skel.programs().filter(|program| program.fd().is_some()).count(), 1, "loaded programs")?;
    equal(skel.links().count(), 1, "links")?;

    let mut open = left_out::Skel::open();
    equal(open.progs.on_demand.autoload(), false, "whether it would be loaded")?;
    open.progs.on_demand.set_autoload(true);
    open.progs.always.set_autoload(false);
    let mut skel = open.load()?;
    ensure(skel.attach()?.is_empty(), || "a program is left to the caller".into())?;
    ensure(skel.links.on_demand.is_some(), || "what was switched on is not attached".into())?;
    ensure(skel.links.always.is_none(), || "what was switched off is attached".into())
}

/// The kernel takes the type information of these too, and the programs do their work.
fn unusual() -> Outcome {
    let mut alias = alias::Skel::open().load()?;
    ensure(alias.attach()?.is_empty(), || "an alias is left to the caller".into())?;
    equal(alias.links().count(), 2, "links of a program with two names")?;
    extra_data::Skel::open().load()?;
    hidden::Skel::open().load()?;
    let skel = shadowed::Skel::open().load()?;
    let values = variables(skel.maps.data.id()?)?;
    let value = |name: &str| values.get(name).copied();
    equal(
        (value("shared"), value("own")),
        (Some(1), Some(2)),
        "variables of which one has the other's symbol",
    )
}
