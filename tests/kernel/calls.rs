//! What the loader asks of the kernel, counted from outside: what the work needs, and older forms only of older kernels.

use libtest_mimic::Failed;

use crate::child::Role;
use crate::harness::{Need, Outcome, Test, ensure, equal, read, release};
use crate::witness::{Bpffs, run};

pub(crate) const TESTS: &[Test] = &[
    Test { name: "calls::only_what_the_work_needs", needs: &[Need::Kernel(5, 17)], run: only_what_is_needed },
    Test { name: "calls::instructions_are_not_copied", needs: &[Need::Kernel(5, 17)], run: not_copied },
    Test { name: "calls::map_indices_unless_too_old", needs: &[], run: map_indices },
    Test { name: "calls::all_type_information_unless_too_old", needs: &[], run: type_information },
    Test { name: "calls::co_re_or_a_clear_error", needs: &[], run: co_re },
    Test { name: "calls::memory_lock_limit_unless_too_old", needs: &[], run: memory_lock_limit },
];

/// `strace` of a process that preloads an object, and what the process printed.
fn trace(object: &str) -> Result<(String, String), Failed> {
    let bpffs = Bpffs::mount()?;
    let log = tempfile::NamedTempFile::new()?;
    let path = log.path().to_str().ok_or("a path that is not UTF-8")?;
    let strace = ["strace", "-f", "-e", "trace=bpf,openat,prlimit64", "-o", path];
    let output = run(Role::Preload.command(&strace, &bpffs)?.arg(object))?;
    Ok((read(path)?, String::from_utf8(output.stdout)?))
}

fn count(log: &str, what: &str) -> usize {
    log.lines().filter(|line| line.contains(what)).count()
}

fn only_what_is_needed() -> Outcome {
    let (log, _) = trace("iterators")?;
    let count = |what: &str| count(&log, what);
    let expected = [
        ("BPF_BTF_LOAD", 1),
        ("BPF_MAP_CREATE", 1),
        ("BPF_MAP_UPDATE_ELEM", 1),
        ("BPF_MAP_FREEZE", 1),
        ("BPF_PROG_LOAD", 2),
        ("BPF_LINK_CREATE", 2),
        // One more where the kernel cannot pin by descriptor, and says so once.
        ("BPF_OBJ_PIN", if release() < (6, 5) { 3 } else { 2 }),
    ];
    for (command, calls) in expected {
        equal(count(&format!("bpf({command}")), calls, command)?;
    }
    equal(count("bpf("), expected.iter().map(|(_, calls)| calls).sum(), "bpf(2) in all")?;
    equal(count("/sys/kernel/btf/vmlinux"), 1, "opening the kernel's type information")?;
    let mut refused = log.lines().filter(|line| line.contains("bpf(") && line.contains("= -1"));
    let failed = refused.find(|line| release() >= (6, 5) || !line.contains("BPF_OBJ_PIN"));
    ensure(failed.is_none(), || format!("a call failed: {failed:?}"))
}

/// The address of the instructions, as the kernel was given it, lies in a mapping that nobody can write to.
fn not_copied() -> Outcome {
    let (log, maps) = trace("iterators")?;
    let mut checked = 0;
    for line in log.lines().filter(|line| line.contains("BPF_PROG_LOAD")) {
        let address = line.split_once("insns=0x").and_then(|(_, rest)| rest.split(',').next());
        let address = u64::from_str_radix(address.ok_or_else(|| format!("no address in: {line}"))?, 16)?;
        let mapping = maps
            .lines()
            .find(|mapping| {
                let range = mapping.split(' ').next().and_then(|range| range.split_once('-'));
                range.is_some_and(|(start, end)| {
                    let number = |text| u64::from_str_radix(text, 16).unwrap_or_default();
                    (number(start)..number(end)).contains(&address)
                })
            })
            .ok_or_else(|| format!("{address:#x} is not in:\n{maps}"))?;
        let access = mapping.split(' ').nth(1).unwrap_or_default();
        ensure(access.starts_with("r-"), || format!("the instructions lie in writable memory: {mapping}"))?;
        checked += 1;
    }
    equal(checked, 2, "programs loaded")
}

/// A kernel that takes map indices gets them at once; an older one refuses them once, and gets a copy.
fn map_indices() -> Outcome {
    let (log, _) = trace("plain")?;
    let loads = if release() < (5, 14) { 2 } else { 1 };
    equal(count(&log, "bpf(BPF_PROG_LOAD"), loads, "program loads")?;
    // After the first program it is known.
    let (log, _) = trace("tracing")?;
    equal(count(&log, "bpf(BPF_PROG_LOAD"), 3 + loads - 1, "loads of three programs")
}

/// The second form of the type information is for kernels that refuse the first (64-bit enumerations: 6.0).
fn type_information() -> Outcome {
    let (log, _) = trace("new_types")?;
    let loads = if release() < (6, 0) { 2 } else { 1 };
    equal(count(&log, "bpf(BPF_BTF_LOAD"), loads, "loads of type information")
}

/// The limit is lifted where the kernel counts by it, and left alone where it does not.
fn memory_lock_limit() -> Outcome {
    let (log, printed) = trace("large_map")?;
    let line =
        |text: &str| text.lines().find(|line| line.starts_with("Max locked memory")).map(str::to_owned);
    let (before, after) = (line(&read("/proc/self/limits")?), line(&printed));
    if release() < (5, 11) {
        equal(count(&log, "bpf(BPF_MAP_CREATE"), 2, "the map refused, and the same again")?;
        ensure(after.is_some_and(|line| line.contains("unlimited")), || "the limit stayed as it was".into())
    } else {
        equal(count(&log, "bpf(BPF_MAP_CREATE"), 1, "maps created")?;
        equal(before, after, "the limit")
    }
}

/// Relocations that the kernel cannot carry out (before 5.17) are an error that says so; they are never left undone.
fn co_re() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let output = Role::Preload.command(&[], &bpffs)?.arg("iterators").output()?;
    let message = String::from_utf8(output.stderr)?;
    if release() >= (5, 17) {
        ensure(output.status.success(), || message)?;
        return equal(bpffs.list("")?, vec!["iterators".to_owned()], "what is pinned");
    }
    equal(output.status.code(), Some(1), "the exit code")?;
    ensure(message.contains("Linux 5.17 or newer is needed"), || message)?;
    equal(bpffs.list("")?, Vec::new(), "what is left")
}
