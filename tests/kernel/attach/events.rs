//! Perf events without links: what there is before 5.15, and still works.

use preload_runtime::target::PerfEvent;
use preload_runtime::{Errno, Map, UnpinnedEvent};

use super::objects::{kprobe, tracepoint, uprobe};
use super::placed::objects::perf;
use super::placed::{counter, counts};
use super::refused::said;
use crate::harness::{Need, Outcome, Test, equal};

const KPROBES: &[Need] = &[Need::Pmu("kprobe")];
const UPROBES: &[Need] = &[Need::Pmu("uprobe")];

pub(super) const TESTS: &[Test] = &[
    Test { name: "attach::tracepoint_without_a_link", needs: &[], run: tracepoint },
    Test { name: "attach::kprobe_without_a_link", needs: KPROBES, run: kprobe },
    Test { name: "attach::uprobe_without_a_link", needs: UPROBES, run: uprobe },
    Test { name: "attach::perf_event_without_a_link", needs: &[], run: perf_event },
    Test { name: "failures::attaching_with_a_cookie_without_a_link", needs: &[], run: cookie },
];

/// The program is called as long as the event is there.
fn lives_with(event: UnpinnedEvent, bss: &Map, name: &str, happen: &dyn Fn() -> Outcome) -> Outcome {
    counts(bss, name, happen)?;
    drop(event);
    // Another CPU may be in the middle of it.
    let mut before = counter(bss, name)?;
    for _ in 0..100 {
        happen()?;
        let after = counter(bss, name)?;
        if after == before {
            return Ok(());
        }
        before = after;
    }
    Err(format!("{name} goes up without an event").into())
}

fn open_file() -> Outcome {
    std::fs::File::open("/proc/self/status")?;
    Ok(())
}

/// By the C library, which a test program that is linked statically does not have.
fn open_by_library() -> Outcome {
    // It is no file of types, but it is opened.
    std::process::Command::new("bpftool").args(["btf", "dump", "file", "/proc/self/exe"]).output()?;
    Ok(())
}

fn tracepoint() -> Outcome {
    let mut open = tracepoint::Skel::open();
    // Its helper came with the links.
    open.progs.on_tp.set_autoload(false);
    let skel = open.load()?;
    let event = skel.progs.on_tracepoint.attach_unpinned()?;
    equal(event.name(), "on_tracepoint", "the program")?;
    lives_with(event, &skel.maps.bss, "by_tracepoint", &open_file)
}

fn kprobe() -> Outcome {
    let skel = kprobe::Skel::open().load()?;
    let (progs, bss) = (&skel.progs, &skel.maps.bss);
    lives_with(progs.on_entry.attach_unpinned()?, bss, "entries", &open_file)?;
    lives_with(progs.on_return.attach_unpinned()?, bss, "returns", &open_file)?;
    lives_with(progs.on_call.attach_unpinned()?, bss, "calls", &open_file)
}

fn uprobe() -> Outcome {
    let mut open = uprobe::Skel::open();
    open.progs.on_entry.set_autoload(false);
    let skel = open.load()?;
    let (progs, bss) = (&skel.progs, &skel.maps.bss);
    lives_with(progs.on_instruction.attach_unpinned()?, bss, "inside", &open_by_library)?;
    lives_with(progs.on_return.attach_unpinned()?, bss, "returns", &open_by_library)
}

/// In a thread of its own, since it keeps to one CPU.
fn perf_event() -> Outcome {
    super::placed::in_network(|| {
        let mut first = rustix::thread::CpuSet::new();
        first.set(0);
        rustix::thread::sched_setaffinity(None, &first)?;
        let skel = perf::Skel::open().load()?;
        let event = skel.progs.count_samples.attach_perf_event_unpinned(PerfEvent::cpu_clock(0, 1000))?;
        lives_with(event, &skel.maps.bss, "samples", &|| {
            for number in 0..20_000_000_u64 {
                std::hint::black_box(number);
            }
            Ok(())
        })
    })
}

fn cookie() -> Outcome {
    let mut open = tracepoint::Skel::open();
    open.progs.on_tp.set_autoload(false);
    open.progs.on_tracepoint.set_cookie(7);
    let skel = open.load()?;
    let error = skel.progs.on_tracepoint.attach_unpinned().err().ok_or("it was attached")?;
    said(&error, Errno::EINVAL, &["program `on_tracepoint`", "only links give cookies"])
}
