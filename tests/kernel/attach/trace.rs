//! Programs at kernel functions, LSM hooks and raw tracepoints: those that may sleep, that decide, that write.

use std::path::Path;
use std::process::{Command, Stdio};

use super::objects::sleepable;
use super::placed::objects::sockets;
use super::placed::pinned_counts;
use crate::features::{counters, counts, preloaded};
use crate::harness::{Need, Outcome, Test, equal};
use crate::witness::run;

const FUNCTIONS: &[Need] = &[Need::NoLockdown];
/// Older ones allow it only where errors can be injected, which needs a kernel built for that.
const SLEEPABLE: &[Need] = &[Need::Kernel(6, 3), Need::NoLockdown];
const SESSIONS: &[Need] = &[Need::Kernel(7, 0), Need::NoLockdown];
const FAULTABLE: &[Need] = &[Need::Kernel(7, 2)];
const MULTI: &[Need] = &[Need::Kernel(7, 2), Need::NoLockdown];
const LSM: &[Need] = &[Need::BpfLsm, Need::NoLockdown];

pub(super) const TESTS: &[Test] = &[
    Test { name: "attach::fmod_ret", needs: FUNCTIONS, run: fmod_ret },
    Test { name: "attach::sleepable_fentry_and_fexit", needs: SLEEPABLE, run: asleep },
    Test { name: "attach::fsession", needs: SESSIONS, run: fsession },
    Test { name: "attach::sleepable_tracepoints", needs: FAULTABLE, run: faultable },
    Test { name: "attach::sleepable_lsm", needs: LSM, run: lsm },
    Test { name: "attach::writable_raw_tracepoints", needs: &[], run: writable },
    Test { name: "attach::many_functions_by_trampolines", needs: MULTI, run: many },
];

/// A test run of a program (`BPF_PROG_TEST_RUN`).
fn test_run(id: u32) -> Outcome {
    let mut input = tempfile::NamedTempFile::new()?;
    std::io::Write::write_all(&mut input, &[0; 64])?;
    let mut command = Command::new("bpftool");
    command.args(["prog", "run", "id", &id.to_string(), "data_in"]).arg(input.path());
    run(command.stdout(Stdio::null())).map(drop)
}

/// That of an fentry program calls the kernel's test functions.
fn test_functions() -> Outcome {
    let skel = sleepable::Skel::open().load()?;
    test_run(skel.progs.on_entry.id()?)
}

fn fmod_ret() -> Outcome {
    preloaded("decide", &["on_decision"], |pins| counts(&pins.join("on_decision"), "decisions"))
}

fn asleep() -> Outcome {
    preloaded("sleepable", &["on_entry", "on_decision", "on_exit"], |pins| {
        pinned_counts(&pins.join("on_entry"), "entries", &test_functions)?;
        pinned_counts(&pins.join("on_decision"), "decisions", &test_functions)?;
        pinned_counts(&pins.join("on_exit"), "exits", &test_functions)
    })
}

fn fsession() -> Outcome {
    preloaded("fsession", &["on_both", "on_both_asleep"], |pins| {
        counts(&pins.join("on_both"), "hits")?;
        pinned_counts(&pins.join("on_both_asleep"), "sleepable_hits", &test_functions)
    })
}

fn faultable() -> Outcome {
    let links = ["on_raw_tp", "on_raw_tracepoint", "on_tp_btf", "on_tp", "on_tracepoint"];
    let counters = ["by_raw_tp", "by_raw_tracepoint", "by_tp_btf", "by_tp", "by_tracepoint"];
    preloaded("faultable", &links, |pins| {
        links.iter().zip(counters).try_for_each(|(link, counter)| counts(&pins.join(link), counter))
    })
}

fn lsm() -> Outcome {
    preloaded("lsm_sleepable", &["count_programs"], |pins: &Path| {
        pinned_counts(&pins.join("count_programs"), "hits", &|| run(&mut Command::new("true")).map(drop))
    })
}

fn writable() -> Outcome {
    let run = || test_run(sockets::Skel::open().load()?.progs.filter.id()?);
    preloaded("writable", &["keep", "watch", "on_switch"], |pins| {
        pinned_counts(&pins.join("keep"), "by_raw_tp", &run)?;
        pinned_counts(&pins.join("watch"), "by_raw_tracepoint", &run)?;
        pinned_counts(&pins.join("on_switch"), "switches", &run)
    })
}

fn many() -> Outcome {
    let counting = [
        ("on_entries", "entries"),
        ("on_exits", "exits"),
        ("on_both", "both"),
        ("on_entries_asleep", "entries_asleep"),
        ("on_exits_asleep", "exits_asleep"),
        ("on_both_asleep", "both_asleep"),
    ];
    let links: Vec<_> = counting.iter().map(|(link, _)| *link).chain(["on_files"]).collect();
    preloaded("trace_multi", &links, |pins| {
        for (link, counter) in counting {
            pinned_counts(&pins.join(link), counter, &test_functions)?;
        }
        equal(counters(&pins.join("on_files"))?.get("cookie"), Some(&17), "the cookie")
    })
}
