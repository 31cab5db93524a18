//! Instances and the statics: who owns what, and what stays.

use libtest_mimic::Failed;
use preload_runtime::{ErrorKind, Link, Map, OpenSkeleton, Program, Skeleton};

use crate::child::Role;
use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::objects::{iterators, ringbuf, tracing};
use crate::witness::{Bpffs, bpftool, cat, gone, run, variables};

const CO_RE: &[Need] = &[Need::Kernel(5, 17)];

pub(crate) const TESTS: &[Test] = &[
    Test { name: "instances::live_side_by_side", needs: CO_RE, run: side_by_side },
    Test { name: "instances::leak_no_descriptor", needs: CO_RE, run: leak_no_descriptor },
    Test { name: "instances::statics_are_one_of_them", needs: CO_RE, run: statics },
    Test { name: "instances::are_listed_by_name", needs: CO_RE, run: listed_by_name },
    Test { name: "instances::trace_until_they_are_dropped", needs: &[], run: trace },
    Test { name: "instances::leave_programs_out", needs: &[], run: leave_out },
];

fn side_by_side() -> Outcome {
    let mut first = iterators::Skel::open().load()?;
    let mut second = iterators::Skel::open().load()?;
    let _ = (first.attach()?, second.attach()?);
    let ids = |skel: &iterators::Skel| skel.links().map(Link::id).collect::<Result<Vec<_>, _>>();
    let (of_first, of_second) = (ids(&first)?, ids(&second)?);
    let links = bpftool("link")?;
    ensure(of_first.iter().chain(&of_second).all(|id| links.contains_key(id)), || {
        "bpftool does not see all four links".into()
    })?;

    drop(first);
    let links = bpftool("link")?;
    ensure(of_first.iter().all(|id| !links.contains_key(id)), || {
        "links of a dropped instance are left".into()
    })?;
    ensure(of_second.iter().all(|id| links.contains_key(id)), || {
        "links of the other instance are gone".into()
    })
}

fn leak_no_descriptor() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let output = run(&mut Role::ManyRounds.command(&[], &bpffs)?)?;
    let text = String::from_utf8(output.stdout)?;
    let counts: Vec<&str> = text.lines().collect();
    let [before, after] = counts[..] else { return Err(format!("two counts expected:\n{text}").into()) };
    equal(before, after, "open descriptors")?;
    equal(bpffs.list("")?, Vec::new(), "what is left")
}

fn statics() -> Outcome {
    let bpffs = Bpffs::mount()?;
    ensure(ringbuf::SKEL.get().is_none(), || "something is preloaded".into())?;
    ringbuf::preload(bpffs.path())?;
    let refused = ringbuf::preload(bpffs.path()).err().ok_or("a second preload went well")?;
    equal(refused.kind(), ErrorKind::AlreadyPreloaded, "the second preload")?;

    let link = ringbuf::DUMP_BPF_MAP_LINK.get().ok_or("no link in the static")?.id()?;
    let map = ringbuf::RINGBUF_MAP.get().ok_or("no map in the static")?.id()?;
    ensure(bpftool("link")?.contains_key(&link), || "bpftool does not see the link".into())?;
    equal(ringbuf::SKEL.get().ok_or("no skeleton")?.maps.ringbuf.id()?, map, "the same map")?;

    ensure(ringbuf::unload(), || "there was nothing to unload".into())?;
    ensure(!ringbuf::unload(), || "there was something to unload twice".into())?;
    ensure(ringbuf::RINGBUF_MAP.get().is_none(), || "the static still holds the map".into())?;
    ensure(cat(bpffs.join("gen_preload_methods/dump_bpf_map"))?.contains("ringbuf"), || {
        "the pin does not hold the link".into()
    })?;
    ringbuf::unpin(bpffs.path())?;
    gone("link", link)?;

    // A guard keeps its map through `unload`.
    ringbuf::preload(bpffs.path())?;
    let guard = ringbuf::RINGBUF_MAP.get().ok_or("no map in the static")?;
    ringbuf::unload();
    ringbuf::unpin(bpffs.path())?;
    let map = guard.id()?;
    ensure(bpftool("map")?.contains_key(&map), || "the guarded map is gone".into())?;
    drop(guard);
    gone("map", map)
}

/// Code that knows nothing of the object but the traits.
fn names<S: Skeleton>(skel: &S) -> Vec<&'static str> {
    let maps = skel.maps().map(Map::name);
    maps.chain(skel.programs().map(Program::name)).chain(skel.links().map(Link::name)).collect()
}

fn listed_by_name() -> Outcome {
    let mut open = ringbuf::Skel::open();
    open.map("ringbuf").ok_or("no such map")?.set_max_entries(8192);
    ensure(open.map(".rodata").is_none(), || "a data section has no size to choose".into())?;
    ensure(open.program("dump_bpf_map").is_some_and(|program| program.autoload()), || "left out".into())?;
    let mut skel = open.load()?;
    let _ = skel.attach()?;
    equal(names(&skel), vec!["ringbuf", ".rodata", "dump_bpf_map", "dump_bpf_map"], "what it holds")?;
    let skel: &dyn Skeleton = &skel;
    let id = |failed: &str| Failed::from(failed.to_owned());
    let program = skel.program("dump_bpf_map").ok_or_else(|| id("no program"))?.id()?;
    ensure(bpftool("prog")?.contains_key(&program), || "bpftool does not see the program".into())?;
    ensure(skel.map("nothing").is_none() && skel.link_at(1).is_none(), || {
        "something that is not there".into()
    })
}

fn trace() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let mut skel = tracing::Skel::open().load()?;
    let left = skel.attach()?;
    equal(left.names().collect::<Vec<_>>(), vec!["count_manual"], "what is left to the caller")?;
    skel.pin(bpffs.join("tracing"))?;
    equal(bpffs.list("tracing")?, vec!["count_raw_tracepoint".to_owned(), "tp".to_owned()], "the pins")?;

    let data = skel.maps.bss.id()?;
    let counts = |name: &str| variables(data).map(|values| values.get(name).copied().unwrap_or_default());
    // Each look takes a process, which cannot run without being switched to.
    let (raw, btf) = (counts("raw_tracepoint_hits")?, counts("tp_btf_hits")?);
    ensure(counts("raw_tracepoint_hits")? > raw && counts("tp_btf_hits")? > btf, || {
        "nothing was counted".into()
    })?;
    equal(counts("manual_hits")?, 0, "hits of the program that is not attached")?;

    let link = skel.links.count_tp_btf.as_ref().ok_or("not attached")?.id()?;
    drop(skel);
    ensure(bpftool("link")?.contains_key(&link), || "the pin does not hold the link".into())?;
    tracing::Skel::open().load()?.unpin(bpffs.join("tracing"))?;
    gone("link", link)
}

fn leave_out() -> Outcome {
    let mut open = tracing::Skel::open();
    open.progs.count_tp_btf.set_autoload(false);
    let mut skel = open.load()?;
    ensure(skel.progs.count_tp_btf.fd().is_none(), || "loaded all the same".into())?;
    equal(skel.attach()?.names().collect::<Vec<_>>(), vec!["count_manual"], "what is left")?;
    ensure(skel.links.count_tp_btf.is_none(), || "attached all the same".into())?;
    let refused = skel.progs.count_tp_btf.id().err().ok_or("it has an id")?;
    equal(refused.kind(), ErrorKind::NotLoaded, "asking for its id")
}
