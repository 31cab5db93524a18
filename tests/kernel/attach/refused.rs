//! Targets that are not to be had: what the error says.

use preload_runtime::{Errno, Error, Step};

use super::objects::{
    absent_file, absent_kprobe, absent_ksyscall, absent_pattern, absent_raw_tracepoint, absent_tracepoint,
    absent_uprobe, absent_usdt, forbidden_kprobe, tracepoint,
};
use crate::harness::{Need, Outcome, Test, ensure, equal};

const KPROBES: &[Need] = &[Need::Pmu("kprobe")];
const UPROBES: &[Need] = &[Need::Pmu("uprobe")];
const KPROBE_MULTI: &[Need] = &[Need::Kernel(5, 18), Need::Symbol("register_fprobe")];
const NO_EVENT_LINKS: &[Need] = &[Need::KernelBefore(5, 15)];

pub(super) const TESTS: &[Test] = &[
    Test { name: "failures::no_such_tracepoint", needs: &[], run: no_tracepoint },
    Test { name: "failures::no_such_raw_tracepoint", needs: &[], run: no_raw_tracepoint },
    Test { name: "failures::no_such_function_for_a_kprobe", needs: KPROBES, run: no_function },
    Test { name: "failures::no_such_system_call", needs: KPROBES, run: no_system_call },
    Test { name: "failures::no_kprobe_is_allowed_there", needs: KPROBES, run: not_allowed },
    Test { name: "failures::no_such_function_in_a_file", needs: UPROBES, run: no_function_in_file },
    Test { name: "failures::no_such_usdt_probe", needs: UPROBES, run: no_usdt },
    Test { name: "failures::no_such_file_to_probe", needs: UPROBES, run: no_file },
    Test { name: "failures::no_function_of_a_pattern", needs: KPROBE_MULTI, run: no_pattern },
    Test { name: "failures::no_links_of_perf_events", needs: NO_EVENT_LINKS, run: no_event_links },
];

/// Loads the object and sees how attaching it fails.
macro_rules! refused {
    ($module:ident, $errno:expr, $parts:expr) => {{
        let mut skel = $module::Skel::open().load()?;
        let error = skel.attach().err().ok_or("it was attached")?;
        said(&error, $errno, &$parts)
    }};
}

pub(super) fn said(error: &Error, errno: Errno, parts: &[&str]) -> Outcome {
    equal((error.step(), error.errno()), (Step::Attach, Some(errno)), "what went wrong")?;
    let message = error.to_string();
    for part in parts {
        ensure(message.contains(part), || format!("`{part}` is not in: {message}"))?;
    }
    Ok(())
}

fn no_tracepoint() -> Outcome {
    let parts = ["program `nothing` (tp/sched/no_such_tracepoint)", "no tracepoint of that name"];
    refused!(absent_tracepoint, Errno::ENOENT, parts)
}

fn no_raw_tracepoint() -> Outcome {
    let parts = ["program `nothing` (raw_tp/no_such_tracepoint)", "no tracepoint of that name"];
    refused!(absent_raw_tracepoint, Errno::ENOENT, parts)
}

fn no_function() -> Outcome {
    let parts = ["program `nothing` (kprobe/no_such_function)", "no function of that name"];
    refused!(absent_kprobe, Errno::ENOENT, parts)
}

fn no_system_call() -> Outcome {
    let parts = ["program `nothing` (ksyscall/no_such_call)", "no such system call"];
    refused!(absent_ksyscall, Errno::ENOENT, parts)
}

fn not_allowed() -> Outcome {
    let parts = ["program `nothing` (kprobe/do_int3)", "does not allow a probe there"];
    refused!(forbidden_kprobe, Errno::EINVAL, parts)
}

fn no_event_links() -> Outcome {
    let parts = [
        "program `on_tracepoint` (tracepoint/syscalls/sys_enter_openat)",
        "before 5.15",
        "`attach_unpinned`",
    ];
    let mut open = tracepoint::Skel::open();
    // Its helper came with the links.
    open.progs.on_tp.set_autoload(false);
    let error = open.load()?.attach().err().ok_or("it was attached")?;
    said(&error, Errno::EINVAL, &parts)
}

fn no_function_in_file() -> Outcome {
    let parts =
        ["program `nothing` (uprobe/libc.so.6:no_such_function)", "/libc.so.6: ", "no function of that name"];
    refused!(absent_uprobe, Errno::ENOENT, parts)
}

fn no_file() -> Outcome {
    let parts = ["program `nothing` (uprobe/no_such_program:main)", "there is no such file"];
    refused!(absent_file, Errno::ENOENT, parts)
}

fn no_pattern() -> Outcome {
    let parts = ["program `nothing` (kprobe.multi/no_such_function_*)", "has a name of that pattern"];
    refused!(absent_pattern, Errno::ENOENT, parts)
}

fn no_usdt() -> Outcome {
    let parts = ["(usdt/libc.so.6:preload_tests:no_such_probe)", "/libc.so.6", "has no such probe"];
    refused!(absent_usdt, Errno::ENOENT, parts)
}
