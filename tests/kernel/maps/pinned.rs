//! Maps that objects share by the pins of their names (`LIBBPF_PIN_BY_NAME`).

#![allow(missing_docs, reason = "each object has its description in the BPF source")]

use std::fs;
use std::sync::Barrier;
use std::thread;

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::{Error, ErrorKind, Map, MapField, Preload, Removal, Skeleton, Step};

use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::witness::{Bpffs, cat, pinned_id};

#[bpf_preload("../../bpf/maps/pinned.bpf.o")]
mod pinned {}

#[bpf_preload("../../bpf/maps/pinned_too.bpf.o")]
mod pinned_too {}

#[bpf_preload("../../bpf/maps/pinned_in_vain.bpf.o")]
mod pinned_in_vain {}

#[bpf_preload("../../bpf/maps/pinned.bpf.o", pin_root = "/nowhere/at/all", map(visits, pin = "mine"))]
mod elsewhere {}

#[bpf_preload("../../bpf/maps/types_5_10.bpf.o")]
mod others {}

pub(crate) const TESTS: &[Test] = &[
    Test { name: "maps::pinned_by_name_are_shared", needs: RING, run: shared },
    Test { name: "maps::pinned_by_name_elsewhere", needs: RING, run: other_directories },
    Test { name: "maps::pinned_by_name_and_different", needs: RING, run: different },
    Test { name: "maps::pinned_by_name_in_vain", needs: RING, run: in_vain },
    Test { name: "maps::pinned_by_name_at_once", needs: RING, run: at_once },
    Test { name: "maps::given_by_the_caller", needs: RING, run: given },
];

/// The objects have a ring buffer in them.
const RING: &[Need] = &[Need::Kernel(5, 8)];

const NAMES: [&str; 6] =
    ["shared_devices", "shared_events", "shared_lru", "shared_ring", "shared_slots", "visits"];

fn with(names: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = NAMES.iter().chain(names).map(ToString::to_string).collect();
    names.sort();
    names
}

fn refused<T>(result: Result<T, Error>) -> Result<Error, Failed> {
    result.err().ok_or_else(|| "it went well".into())
}

fn shared() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let one = pinned::Skel::preload(bpffs.path())?;
    equal(bpffs.list("")?, with(&["pinned"]), "the shared maps, and the set")?;
    equal(bpffs.list("pinned")?, vec!["own".to_owned(), "visit".to_owned()], "the set of the first")?;
    equal(pinned_id("map", &bpffs.join("visits"))?, one.maps.visits.id()?, "the pinned map")?;

    let two = pinned_too::Skel::preload(bpffs.path())?;
    for (one, two) in one.maps().zip(two.maps()).filter(|(map, _)| NAMES.contains(&map.name())) {
        equal(one.id()?, two.id()?, one.name())?;
    }
    ensure(one.maps.own.id()? != two.maps.own.id()?, || "a map of one object is that of both".into())?;
    drop((one, two));
    equal(cat(bpffs.join("pinned/visit"))?.as_str(), "visit 1\n", "what the first object counts")?;
    equal(cat(bpffs.join("pinned_too/visit"))?.as_str(), "visit 2\n", "what the second object counts")?;

    // The maps outlive the objects, unless they are to go.
    pinned::unpin(bpffs.path())?;
    pinned_too::unpin(bpffs.path())?;
    equal(bpffs.list("")?, with(&[]), "what stays")?;
    drop(pinned::Skel::preload(bpffs.path())?);
    equal(cat(bpffs.join("pinned/visit"))?.as_str(), "visit 3\n", "what goes on to be counted")?;
    fs::remove_file(bpffs.join("shared_lru"))?;
    pinned::unpin_with(Removal::at(bpffs.path()).shared_maps(true))?;
    equal(bpffs.list("")?, Vec::new(), "what is left")
}

fn other_directories() -> Outcome {
    let bpffs = Bpffs::mount()?;
    // The attribute's, which is not there; the directory itself would be made.
    let error = refused(elsewhere::Skel::preload(bpffs.path()))?;
    ensure(error.to_string().contains("at /nowhere/at: "), || error.to_string())?;
    equal(bpffs.list("")?, Vec::new(), "what a failure leaves")?;

    // The caller's, which is made. A pin that is asked for in the set comes on top.
    let mut open = elsewhere::Skel::open();
    open.set_pin_root(bpffs.join("shared"));
    drop(open.clone().preload(Preload::at(bpffs.path()))?);
    equal(bpffs.list("shared")?, with(&[]), "the shared maps")?;
    equal(
        pinned_id("map", &bpffs.join("pinned/mine"))?,
        pinned_id("map", &bpffs.join("shared/visits"))?,
        "the map",
    )?;
    elsewhere::unpin_with(Removal::at(bpffs.path()).shared_maps(true).pin_root(bpffs.join("shared")))?;
    equal(bpffs.list("shared")?, Vec::new(), "the shared maps at the end")?;

    // Without preload the maps are pinned all the same, and stay.
    open.set_pin_root(bpffs.join("loaded"));
    open.maps.shared_ring.set_pinned_by_name(false);
    let skel = open.load()?;
    equal(pinned_id("map", &bpffs.join("loaded/visits"))?, skel.maps.visits.id()?, "the map")?;
    drop(skel);
    let mut expected = with(&[]);
    expected.retain(|name| name != "shared_ring");
    equal(bpffs.list("loaded")?, expected, "the maps that are shared")?;

    let mut open = pinned::Skel::open();
    open.set_pin_root(std::env::temp_dir());
    equal(refused(open.load())?.kind(), ErrorKind::NotBpffs, "a place that is no bpffs")
}

fn different() -> Outcome {
    let bpffs = Bpffs::mount()?;
    drop(pinned::Skel::preload(bpffs.path())?);
    let mut open = pinned_too::Skel::open();
    open.maps.visits.set_max_entries(9);
    let error = refused(open.preload(Preload::at(bpffs.path())))?;
    let kind = ErrorKind::IncompatibleMap { field: MapField::MaxEntries, found: 8, wanted: 9 };
    equal((error.step(), error.item(), error.kind()), (Step::CreateMap, Some("visits"), kind), "the error")?;
    let text = error.to_string();
    let path = bpffs.join("visits");
    for part in [
        &*path.to_string_lossy(),
        "that map has max_entries 8, the object wants 9",
        "\n  type                           1                   1\n",
        "\n  max_entries                    8                   9  <--\n",
        "\n  map_flags                    0x0                 0x0\n",
    ] {
        ensure(text.contains(part), || format!("`{part}` is not in {text}"))?;
    }
    ensure(error.verifier_log().is_none(), || "the verifier has nothing to do with it".into())?;
    equal(bpffs.list("")?, with(&["pinned"]), "what is there after the failure")?;

    // Others of that name, each different in one more.
    pinned::unpin_with(Removal::at(bpffs.path()).shared_maps(true))?;
    let others = others::Skel::open().load()?;
    for (map, field) in [
        (&*others.maps.lru_hash, MapField::Type),
        (&*others.maps.hash, MapField::KeySize),
        (&*others.maps.array, MapField::Type),
    ] {
        map.pin(&path)?;
        match refused(pinned::Skel::open().preload(Preload::at(bpffs.path())))?.kind() {
            ErrorKind::IncompatibleMap { field: found, .. } => equal(found, field, map.name())?,
            kind => return Err(format!("{kind:?}").into()),
        }
        equal(bpffs.list("")?, vec!["visits".to_owned()], "what is there after the failure")?;
        map.unpin(&path)?;
    }
    Ok(())
}

/// All or nothing: a failure takes back the pins that it has made, and leaves those that were there.
fn in_vain() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let expect = |error: Error| equal(error.step(), Step::LoadProgram, "what fails");
    expect(refused(pinned_in_vain::Skel::preload(bpffs.path()))?)?;
    equal(bpffs.list("")?, Vec::new(), "what is left")?;

    let mut open = pinned_in_vain::Skel::open();
    open.set_pin_root(bpffs.join("shared"));
    expect(refused(open.clone().load())?)?;
    equal(bpffs.list("")?, Vec::new(), "what is left of a directory of its own")?;

    fs::create_dir(bpffs.join("shared"))?;
    let mut first = pinned::Skel::open();
    first.set_pin_root(bpffs.join("shared"));
    drop(first.load()?);
    fs::remove_file(bpffs.join("shared/shared_ring"))?;
    let before = bpffs.list("shared")?;
    expect(refused(open.preload(Preload::at(bpffs.path())))?)?;
    equal(bpffs.list("shared")?, before, "what was there before")
}

/// Whoever comes first makes the maps, all others have the same.
fn at_once() -> Outcome {
    const THREADS: usize = 4;
    let bpffs = Bpffs::mount()?;
    for round in 0..10 {
        let root = bpffs.join(&format!("round{round}"));
        let start = Barrier::new(THREADS);
        let load = || -> Result<Vec<u32>, Error> {
            let mut open = pinned::Skel::open();
            open.set_pin_root(&root);
            start.wait();
            let skel = open.load()?;
            skel.maps().filter(|map| NAMES.contains(&map.name())).map(Map::id).collect()
        };
        let ids = thread::scope(|scope| -> Result<Vec<Vec<u32>>, Failed> {
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(load)).collect();
            let joined =
                threads.into_iter().map(|thread| Ok(thread.join().map_err(|_| "a thread panicked")??));
            joined.collect()
        })?;
        ensure(ids.iter().all(|other| *other == ids[0]), || format!("not the same maps: {ids:?}"))?;
    }
    Ok(())
}

fn given() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let first = pinned::Skel::preload(bpffs.path())?;
    let visits = first.maps.visits.id()?;
    let own = first.maps.own.id()?;

    let mut open = pinned_too::Skel::open();
    open.set_pin_root(bpffs.join("unused"));
    for map in [&mut open.maps.shared_ring, &mut open.maps.shared_lru, &mut open.maps.shared_devices] {
        map.set_pinned_by_name(false);
    }
    open.maps.shared_events.set_pinned_by_name(false);
    open.maps.shared_slots.set_pinned_by_name(false);
    open.maps.own.reuse(first.maps.own.fd().duplicate().map_err(|errno| format!("{errno}"))?);
    open.maps.visits.reuse_pinned(bpffs.join("visits"))?;
    for open in [open.clone(), open] {
        let skel = open.load()?;
        equal((skel.maps.visits.id()?, skel.maps.own.id()?), (visits, own), "the maps of the caller")?;
    }
    ensure(!bpffs.join("unused").exists(), || "a map of the caller was pinned".into())?;

    let mut open = pinned_too::Skel::open();
    open.set_pin_root(bpffs.path());
    open.maps.own.reuse_pinned(bpffs.join("visits"))?;
    let error = refused(open.load())?;
    let kind = ErrorKind::IncompatibleMap { field: MapField::Type, found: 1, wanted: 2 };
    equal((error.item(), error.kind()), (Some("own"), kind), "another map")
}
