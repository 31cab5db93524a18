//! What the loader asks of the kernel, counted from outside.

use crate::child::Role;
use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::witness::{Bpffs, run};

pub(crate) const TESTS: &[Test] = &[
    Test { name: "calls::only_what_the_work_needs", needs: &[Need::Kernel(5, 17)], run: only_what_is_needed },
    Test { name: "calls::instructions_are_not_copied", needs: &[Need::Kernel(5, 17)], run: not_copied },
];

/// `strace` of a process that preloads the iterators, and what the process printed.
fn trace() -> Result<(String, String), libtest_mimic::Failed> {
    let bpffs = Bpffs::mount()?;
    let log = tempfile::NamedTempFile::new()?;
    let path = log.path().to_str().ok_or("a path that is not UTF-8")?;
    let strace = ["strace", "-f", "-e", "trace=bpf,openat", "-o", path];
    let output = run(&mut Role::Preload.command(&strace, &bpffs)?)?;
    Ok((crate::harness::read(path)?, String::from_utf8(output.stdout)?))
}

fn only_what_is_needed() -> Outcome {
    let (log, _) = trace()?;
    let count = |what: &str| log.lines().filter(|line| line.contains(what)).count();
    let expected = [
        ("BPF_BTF_LOAD", 1),
        ("BPF_MAP_CREATE", 1),
        ("BPF_MAP_UPDATE_ELEM", 1),
        ("BPF_MAP_FREEZE", 1),
        ("BPF_PROG_LOAD", 2),
        ("BPF_LINK_CREATE", 2),
        ("BPF_OBJ_PIN", 2),
    ];
    for (command, calls) in expected {
        equal(count(&format!("bpf({command}")), calls, command)?;
    }
    equal(count("bpf("), expected.iter().map(|(_, calls)| calls).sum(), "bpf(2) in all")?;
    equal(count("/sys/kernel/btf/vmlinux"), 1, "opening the kernel's type information")?;
    let failed = log.lines().find(|line| line.contains("bpf(") && line.contains("= -1"));
    ensure(failed.is_none(), || format!("a call failed: {failed:?}"))
}

/// The address of the instructions, as the kernel was given it, lies in a mapping that nobody can write to.
fn not_copied() -> Outcome {
    let (log, maps) = trace()?;
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
