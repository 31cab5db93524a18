//! Tracepoints and probes of the kernel.

use crate::features::{counters, counts, preloaded};
use crate::harness::{Need, Outcome, Test, equal};

const EVENT_LINKS: &[Need] = &[Need::Kernel(5, 15)];
const KPROBES: &[Need] = &[Need::Kernel(5, 15), Need::Pmu("kprobe")];

pub(super) const TESTS: &[Test] = &[
    Test { name: "features::tracepoints", needs: EVENT_LINKS, run: tracepoints },
    Test { name: "features::kprobes", needs: KPROBES, run: kprobes },
    Test { name: "features::system_calls", needs: KPROBES, run: system_calls },
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
