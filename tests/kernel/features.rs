//! Kinds of programs, one test each: a process preloads an object and exits; the links are still there, as others see them, and
//! do their work; another process unpins them, and they are gone.
//!
//! The table of kernels in the README is made of these tests.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use libtest_mimic::Failed;
use serde_json::Value;

use crate::child::Role;
use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::witness::{Bpffs, cat, gone, number, run, show, variables};

const CO_RE: &[Need] = &[Need::Kernel(5, 17)];
const FUNCTIONS: &[Need] = &[Need::NoLockdown];
const LSM: &[Need] = &[Need::BpfLsm, Need::NoLockdown];

pub(crate) const TESTS: &[Test] = &[
    Test { name: "features::iterators", needs: &[], run: iterators },
    Test { name: "features::iterators_with_co_re", needs: CO_RE, run: iterators_with_co_re },
    Test { name: "features::raw_tracepoints", needs: &[], run: raw_tracepoints },
    Test { name: "features::tp_btf", needs: &[], run: tp_btf },
    Test { name: "features::fentry_and_fexit", needs: FUNCTIONS, run: fentry_and_fexit },
    Test { name: "features::lsm", needs: LSM, run: lsm },
    Test { name: "features::types_newer_than_the_kernel", needs: &[], run: newer_types },
    Test { name: "features::maps_above_the_locked_memory_limit", needs: &[], run: large_map },
];

/// Preloads an object in a process that ends, lets `look` see its directory of pins, unpins, and sees to it that the links
/// named are gone.
pub(crate) fn preloaded(object: &str, links: &[&str], look: impl FnOnce(&Path) -> Outcome) -> Outcome {
    let bpffs = Bpffs::mount()?;
    run(Role::Preload.command(&[], &bpffs)?.arg(object))?;
    let directory = bpffs.join(object);
    let ids = links
        .iter()
        .map(|link| number(&pinned_link(&directory.join(link))?, "id"))
        .collect::<Result<Vec<_>, Failed>>()?;
    look(&directory)?;
    run(Role::Unpin.command(&[], &bpffs)?.arg(object))?;
    equal(bpffs.list("")?, Vec::new(), "what is left")?;
    ids.into_iter().try_for_each(|id| gone("link", id))
}

fn pinned_link(path: &Path) -> Result<Value, Failed> {
    show(&["link".as_ref(), "show".as_ref(), "pinned".as_ref(), path.as_os_str()])
}

/// The variables of a pinned link's program, those of the first data section it uses.
pub(crate) fn counters(link: &Path) -> Result<BTreeMap<String, u64>, Failed> {
    let program = number(&pinned_link(link)?, "prog_id")?.to_string();
    let program = show(&["prog".as_ref(), "show".as_ref(), "id".as_ref(), program.as_ref()])?;
    let maps = program.get("map_ids").and_then(Value::as_array).ok_or("the program has no maps")?;
    let data = maps.first().and_then(Value::as_u64).ok_or("the program has no map")?;
    variables(u32::try_from(data)?)
}

/// The counter of a pinned link's program goes up while files are opened.
pub(crate) fn counts(link: &Path, counter: &str) -> Outcome {
    let value = || -> Result<u64, Failed> {
        counters(link)?.get(counter).copied().ok_or_else(|| format!("no variable {counter}").into())
    };
    let before = value()?;
    File::open("/proc/self/status")?;
    let after = value()?;
    ensure(after > before, || format!("{counter} stays at {before}"))
}

fn iterators() -> Outcome {
    preloaded("plain", &["count_maps"], |pins| {
        let text = cat(pins.join("count_maps"))?;
        ensure(text.starts_with("map 0\n"), || format!("not the numbered maps:\n{text}"))
    })
}

fn iterators_with_co_re() -> Outcome {
    preloaded("iterators", &["dump_bpf_map", "dump_bpf_prog"], |pins| {
        let text = cat(pins.join("dump_bpf_prog"))?;
        ensure(text.contains("dump_bpf_map     bpf_iter_bpf_map"), || {
            format!("the iterator is not in:\n{text}")
        })
    })
}

fn raw_tracepoints() -> Outcome {
    preloaded("tracing", &["count_raw_tracepoint"], |pins| {
        counts(&pins.join("count_raw_tracepoint"), "raw_tracepoint_hits")
    })
}

fn tp_btf() -> Outcome {
    preloaded("tracing", &["tp"], |pins| counts(&pins.join("tp"), "tp_btf_hits"))
}

fn fentry_and_fexit() -> Outcome {
    preloaded("fentry", &["count_entries", "count_exits"], |pins| {
        counts(&pins.join("count_entries"), "entries")?;
        counts(&pins.join("count_exits"), "exits")
    })
}

fn lsm() -> Outcome {
    preloaded("lsm", &["count_opens"], |pins| counts(&pins.join("count_opens"), "hits"))
}

fn newer_types() -> Outcome {
    preloaded("new_types", &["first_sample"], |pins| {
        equal(cat(pins.join("first_sample"))?.as_str(), "wide 0\n", "what the program reads")
    })
}

fn large_map() -> Outcome {
    preloaded("large_map", &["nothing"], |pins| {
        let map =
            show(&["map".as_ref(), "show".as_ref(), "pinned".as_ref(), pins.join("large").as_os_str()])?;
        equal(number(&map, "bytes_value")?, 65_536, "the size of a value")
    })
}
