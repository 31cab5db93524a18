//! The main job: pinned iterators that anyone can read.

use std::collections::BTreeSet;

use libtest_mimic::Failed;
use serde_json::Value;

use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::objects::{iterators, linked, plain, ringbuf};
use crate::witness::{Bpffs, bpftool, cat};

/// Kernel-side CO-RE.
const CO_RE: &[Need] = &[Need::Kernel(5, 17)];

pub(crate) const TESTS: &[Test] = &[
    Test { name: "iterators::list_what_bpftool_lists", needs: CO_RE, run: list_what_bpftool_lists },
    Test { name: "iterators::pin_in_a_directory_of_the_object", needs: CO_RE, run: pin_in_a_directory },
    Test { name: "iterators::ring_buffer_and_link_are_pinned", needs: CO_RE, run: ring_buffer_and_link },
    Test { name: "iterators::linked_programs_compute_what_c_says", needs: CO_RE, run: linked_programs },
    Test { name: "iterators::work_without_co_re", needs: &[], run: without_co_re },
];

/// The rows of an iterator's file: id, name, and the rest of the line.
fn rows(text: &str) -> Vec<(u32, String, String)> {
    text.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let id = words.next()?.parse().ok()?;
            Some((id, words.next()?.to_owned(), words.collect::<Vec<_>>().join(" ")))
        })
        .collect()
}

/// Other tests make and remove objects meanwhile: what counts is what was there before and after the read.
fn read_between(kind: &str, path: &std::path::Path) -> Result<(Vec<(u32, Value)>, String), Failed> {
    let before = bpftool(kind)?;
    let text = cat(path)?;
    let after: BTreeSet<u32> = bpftool(kind)?.into_keys().collect();
    let lasting = before.into_iter().filter(|(id, _)| after.contains(id)).collect();
    Ok((lasting, text))
}

fn list_what_bpftool_lists() -> Outcome {
    let bpffs = Bpffs::mount()?;
    iterators::Skel::preload(bpffs.path())?;

    let (maps, text) = read_between("map", &bpffs.join("iterators/dump_bpf_map"))?;
    equal(text.lines().next(), Some("  id name             max_entries"), "the heading")?;
    let listed = rows(&text);
    ensure(!maps.is_empty(), || "bpftool sees no map at all".into())?;
    for (id, map) in maps {
        let (_, name, rest) = listed
            .iter()
            .find(|(listed, ..)| *listed == id)
            .ok_or_else(|| format!("map {id} is not in:\n{text}"))?;
        if let Some(expected) = map.get("name").and_then(Value::as_str) {
            equal(name.as_str(), expected, "the name of a map")?;
            equal(
                Some(rest.as_str()),
                map.get("max_entries").map(Value::to_string).as_deref(),
                "max_entries",
            )?;
        }
    }

    let (programs, text) = read_between("prog", &bpffs.join("iterators/dump_bpf_prog"))?;
    equal(text.lines().next(), Some("  id name             attached"), "the heading")?;
    let listed = rows(&text);
    for (id, _) in programs {
        ensure(listed.iter().any(|(listed, ..)| *listed == id), || {
            format!("program {id} is not in:\n{text}")
        })?;
    }
    ensure(
        listed.iter().any(|(_, name, rest)| name == "dump_bpf_prog" && rest == "bpf_iter_bpf_prog"),
        || format!("the iterator does not list itself:\n{text}"),
    )
}

fn pin_in_a_directory() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let mut skel = iterators::Skel::open().load()?;
    ensure(skel.attach()?.is_empty(), || "something was left to attach".into())?;

    let one = bpffs.join("maps");
    skel.pin_dump_bpf_map(&one)?;
    ensure(cat(&one)?.contains("max_entries"), || "the pin cannot be read".into())?;
    skel.unpin_dump_bpf_map(&one)?;
    ensure(!one.exists(), || "the pin is still there".into())?;

    let all = bpffs.join("all");
    skel.pin(&all)?;
    equal(bpffs.list("all")?, vec!["dump_bpf_map".to_owned(), "dump_bpf_prog".to_owned()], "the pins")?;
    equal(bpffs.list("")?, vec!["all".to_owned()], "the directories")?;
    // The pins hold the links: they work after everything of the process is gone.
    drop(skel);
    ensure(cat(all.join("dump_bpf_prog"))?.contains("attached"), || "the pin cannot be read".into())?;
    iterators::Skel::open().load()?.unpin(&all)?;
    equal(bpffs.list("")?, Vec::new(), "what is left")
}

fn ring_buffer_and_link() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let skel = ringbuf::Skel::preload(bpffs.path())?;
    equal(
        bpffs.list("gen_preload_methods")?,
        vec!["dump_bpf_map".to_owned(), "ringbuf".to_owned()],
        "link and map in the directory that the attribute names",
    )?;
    let id = skel.maps.ringbuf.id()?;
    let map = bpftool("map")?.remove(&id).ok_or("bpftool does not see the ring buffer")?;
    equal(map.get("type").and_then(Value::as_str), Some("ringbuf"), "the type")?;
    equal(map.get("max_entries").and_then(Value::as_u64), Some(4096), "the size")?;
    let text = cat(bpffs.join("gen_preload_methods/dump_bpf_map"))?;
    ensure(text.contains(&format!("{id} ringbuf\n")), || format!("the map is not in:\n{text}"))?;

    let mut larger = ringbuf::Skel::open();
    larger.maps.ringbuf.set_max_entries(16_384);
    let larger = larger.load()?;
    let map =
        bpftool("map")?.remove(&larger.maps.ringbuf.id()?).ok_or("bpftool does not see the larger one")?;
    equal(map.get("max_entries").and_then(Value::as_u64), Some(16_384), "the size that was set")?;
    ringbuf::unpin(bpffs.path())?;
    equal(bpffs.list("")?, Vec::new(), "what is left")
}

fn linked_programs() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let mut skel = linked::Skel::open().load()?;
    ensure(skel.attach()?.is_empty(), || "something was left to attach".into())?;
    skel.pin(bpffs.join("linked"))?;
    let maps = bpffs.join("linked/through_maps");
    // thrice(7) = 7 + 14; the callback adds 0 + 1 + 2 + 3 + 4; .data and .bss change from one read to the next.
    equal(cat(&maps)?.as_str(), "thrice 21 sum 10 moved 40 runs 1\n", "the first read")?;
    equal(cat(&maps)?.as_str(), "thrice 21 sum 10 moved 41 runs 2\n", "the second read")?;
    equal(cat(bpffs.join("linked/through_progs"))?.as_str(), "thrice 15 seen 21\n", "the other program")
}

fn without_co_re() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let skel = plain::Skel::preload(bpffs.path())?;
    let text = cat(bpffs.join("plain/count_maps"))?;
    ensure(text.starts_with("map 0\n"), || format!("not the numbered maps:\n{text}"))?;
    // At least the map of its own read-only data.
    let id = skel.maps.rodata.id()?;
    ensure(bpftool("map")?.contains_key(&id), || "bpftool does not see the map".into())?;
    plain::unpin(bpffs.path())?;
    equal(bpffs.list("")?, Vec::new(), "what is left")
}
