//! Tracepoints and probes of the kernel.

use crate::features::{counters, counts, preloaded};
use crate::harness::{Need, Outcome, Test, equal};

const EVENT_LINKS: &[Need] = &[Need::Kernel(5, 15)];
const KPROBES: &[Need] = &[Need::Kernel(5, 15), Need::Pmu("kprobe")];

const UPROBES: &[Need] = &[Need::Kernel(5, 15), Need::Pmu("uprobe")];
const SLEEPABLE: &[Need] = &[Need::Kernel(6, 0), Need::Pmu("uprobe")];
const KPROBE_MULTI: &[Need] = &[Need::Kernel(5, 18), Need::Pmu("kprobe")];
const UPROBE_MULTI: &[Need] = &[Need::Kernel(6, 6), Need::Pmu("uprobe")];
const KPROBE_SESSION: &[Need] = &[Need::Kernel(6, 10), Need::Pmu("kprobe")];
const UPROBE_SESSION: &[Need] = &[Need::Kernel(6, 13), Need::Pmu("uprobe")];

pub(super) const TESTS: &[Test] = &[
    Test { name: "features::tracepoints", needs: EVENT_LINKS, run: tracepoints },
    Test { name: "features::kprobes", needs: KPROBES, run: kprobes },
    Test { name: "features::system_calls", needs: KPROBES, run: system_calls },
    Test { name: "features::uprobes", needs: UPROBES, run: || uprobes("uprobe") },
    Test { name: "features::sleepable_uprobes", needs: SLEEPABLE, run: || uprobes("uprobe_sleepable") },
    Test { name: "features::kprobe_multi", needs: KPROBE_MULTI, run: || multi("kprobe_multi") },
    Test { name: "features::uprobe_multi", needs: UPROBE_MULTI, run: || multi("uprobe_multi") },
    Test {
        name: "features::sleepable_uprobe_multi",
        needs: UPROBE_MULTI,
        run: || multi("uprobe_multi_sleepable"),
    },
    Test { name: "features::kprobe_session", needs: KPROBE_SESSION, run: || session("kprobe_session") },
    Test { name: "features::uprobe_session", needs: UPROBE_SESSION, run: || session("uprobe_session") },
    Test {
        name: "features::sleepable_uprobe_session",
        needs: UPROBE_SESSION,
        run: || session("uprobe_session_sleepable"),
    },
];

fn tracepoints() -> Outcome {
    preloaded("tracepoint", &["on_tracepoint", "on_tp"], |pins| {
        counts(&pins.join("on_tracepoint"), "by_tracepoint")?;
        counts(&pins.join("on_tp"), "by_tp")?;
        equal(counters(&pins.join("on_tp"))?.get("cookie"), Some(&0x1234_5678_9abc), "the cookie")
    })
}

fn kprobes() -> Outcome {
    preloaded("kprobe", &["on_entry", "on_return", "on_instruction"], |pins| {
        counts(&pins.join("on_entry"), "entries")?;
        counts(&pins.join("on_return"), "returns")?;
        counts(&pins.join("on_instruction"), "inside")
    })
}

fn system_calls() -> Outcome {
    preloaded("kprobe", &["on_call", "on_call_return"], |pins| {
        counts(&pins.join("on_call"), "calls")?;
        counts(&pins.join("on_call_return"), "call_returns")
    })
}

fn uprobes(object: &str) -> Outcome {
    preloaded(object, &["on_entry", "on_instruction", "on_return"], |pins| {
        counts(&pins.join("on_entry"), "entries")?;
        counts(&pins.join("on_instruction"), "inside")?;
        counts(&pins.join("on_return"), "returns")?;
        equal(counters(&pins.join("on_entry"))?.get("cookie"), Some(&17), "the cookie")
    })
}

fn multi(object: &str) -> Outcome {
    preloaded(object, &["on_entry", "on_all", "on_return"], |pins| {
        counts(&pins.join("on_entry"), "entries")?;
        counts(&pins.join("on_all"), "all")?;
        counts(&pins.join("on_return"), "returns")?;
        equal(counters(&pins.join("on_all"))?.get("cookie"), Some(&17), "the cookie")
    })
}

fn session(object: &str) -> Outcome {
    preloaded(object, &["on_both"], |pins| counts(&pins.join("on_both"), "hits"))
}
