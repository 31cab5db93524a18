//! The example as its user runs it: another program, seen by what it prints and leaves.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Output};

use libtest_mimic::Failed;

use crate::child::Role;
use crate::harness::{Outcome, Test, ensure, equal, release};
use crate::witness::{Bpffs, built, cat, run};

pub(crate) const TESTS: &[Test] = &[
    Test { name: "example::preloads_shows_and_unpins", needs: &[], run: preloads_shows_and_unpins },
    Test { name: "example::plans_without_privilege", needs: &[], run: plans_without_privilege },
    Test { name: "example::says_what_is_missing", needs: &[], run: says_what_is_missing },
];

fn example() -> Result<PathBuf, Failed> {
    built("iterators")
}

/// The example without any capability.
fn unprivileged(bpffs: &Bpffs, arguments: &[&OsStr]) -> Result<Output, Failed> {
    Ok(Role::BecomeUnprivileged.command(&[], bpffs)?.arg(example()?).args(arguments).output()?)
}

fn preloads_shows_and_unpins() -> Outcome {
    let bpffs = Bpffs::mount()?;
    if release() < (5, 17) {
        let output = Command::new(example()?).arg("--bpffs").arg(bpffs.path()).output()?;
        equal(output.status.code(), Some(1), "the exit code")?;
        let message = String::from_utf8(output.stderr)?;
        ensure(message.contains("Linux 5.17 or newer is needed"), || message)?;
        return equal(bpffs.list("")?, Vec::new(), "what is left");
    }
    let command = |option: &[&str]| -> Result<String, Failed> {
        let output = run(Command::new(example()?).arg("--bpffs").arg(bpffs.path()).args(option))?;
        Ok(String::from_utf8(output.stdout)?)
    };
    let said = command(&[])?;
    for name in ["dump_bpf_map", "dump_bpf_prog"] {
        let path = bpffs.join("iterators").join(name);
        ensure(said.contains(&format!("pinned {}", path.display())), || format!("{name} is not in: {said}"))?;
        ensure(cat(&path)?.starts_with("  id name "), || format!("{name} is not readable"))?;
    }
    let shown = command(&["--show"])?;
    ensure(shown.contains("max_entries") && shown.contains("bpf_iter_bpf_prog"), || shown.clone())?;
    command(&["--unpin"])?;
    equal(bpffs.list("")?, Vec::new(), "what is left")
}

fn plans_without_privilege() -> Outcome {
    let output = unprivileged(&Bpffs::mount()?, &["--dry-run".as_ref()])?;
    ensure(output.status.success(), || String::from_utf8_lossy(&output.stderr).into_owned())?;
    let plan = String::from_utf8(output.stdout)?;
    for part in
        ["map .rodata", "program dump_bpf_map: iter/bpf_map", "pinned as /sys/fs/bpf/iterators/dump_bpf_prog"]
    {
        ensure(plan.contains(part), || format!("`{part}` is not in: {plan}"))?;
    }
    Ok(())
}

fn says_what_is_missing() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let output = unprivileged(&bpffs, &["--bpffs".as_ref(), bpffs.path().as_os_str()])?;
    equal(output.status.code(), Some(1), "the exit code")?;
    let message = String::from_utf8(output.stderr)?;
    equal(message.lines().count(), 1, "lines of the message")?;
    for part in ["iterators: ", "operation not permitted (EPERM)", "CAP_BPF"] {
        ensure(message.contains(part), || format!("`{part}` is not in: {message}"))?;
    }
    equal(bpffs.list("")?, Vec::new(), "what is left")
}
