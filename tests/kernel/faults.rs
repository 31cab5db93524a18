//! Preloading under every fault: each system call of it fails once, with each error that is plausible, and each is the last one
//! before the process is killed. `strace` does both to a process of its own; the pins are looked at from outside.
//!
//! All cases with `PRELOAD_FAULTS=full` (`cargo xtask faults`), else a sample.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Output;

use libtest_mimic::Failed;
use preload_runtime::{Existing, Preload};

use crate::child::Role;
use crate::harness::{Outcome, Test, ensure, equal, read};
use crate::objects::many;
use crate::witness::{Bpffs, run};

pub(crate) const TESTS: &[Test] = &[
    Test { name: "faults::every_call_fails_once", needs: &[], run: every_call_fails },
    Test { name: "faults::killed_at_every_call", needs: &[], run: killed_at_every_call },
];

/// The system calls of the runtime; others are those of a process that starts, prints and ends.
const CALLS: [&str; 19] = [
    "bpf",
    "openat",
    "close",
    "mmap",
    "munmap",
    "lseek",
    "read",
    "fstatfs",
    "flock",
    "mkdirat",
    "unlinkat",
    "renameat2",
    "symlinkat",
    "readlinkat",
    "getdents64",
    "statx",
    "fcntl",
    "prlimit64",
    "geteuid",
];
const ERRORS: [&str; 10] =
    ["EPERM", "EINVAL", "ENOMEM", "ENOSPC", "EEXIST", "EBUSY", "EAGAIN", "EINTR", "E2BIG", "ENOENT"];
/// The names in a whole set.
const WHOLE: [&str; 6] = ["many_exit", "many_list", "many_state", "many_switch", "many_typed", "table"];
/// One case in so many is tried unless all are asked for; each takes seconds in an emulated machine.
fn sample() -> usize {
    if std::env::var_os("PRELOAD_VM").is_some() { 50 } else { 10 }
}

/// Which of so many calls are to fail. Kernels that cannot map their type information give it in a thousand reads, all alike.
fn numbers(count: usize) -> impl Iterator<Item = usize> {
    const MANY: usize = 100;
    const ENDS: usize = 5;
    (1..=count).filter(move |number| count <= MANY || *number <= ENDS || number + ENDS > count)
}

/// What is published.
#[derive(Debug, PartialEq)]
enum Published {
    Nothing,
    Old,
    New,
}

/// A bpffs in which the object is preloaded or not, over and over.
struct Stage {
    bpffs: Bpffs,
    /// The pins of the set that was there before the fault, as inodes; none when there was none.
    old: BTreeSet<u64>,
}

fn every_call_fails() -> Outcome {
    all_faults("failures", |call, number| {
        ERRORS.iter().map(|error| format!("inject={call}:error={error}:when={number}")).collect()
    })
}

fn killed_at_every_call() -> Outcome {
    all_faults("kills", |call, number| vec![format!("inject={call}:signal=KILL:when={number}")])
}

/// Tries the faults of every call, in an empty place and in one where the object is preloaded.
fn all_faults(what: &str, faults: impl Fn(&str, usize) -> Vec<String>) -> Outcome {
    let full = std::env::var("PRELOAD_FAULTS").is_ok_and(|faults| faults == "full");
    let (mut tried, mut all, mut published) = (0, 0, [0; 3]);
    for replace in [false, true] {
        let mut stage = Stage { bpffs: Bpffs::mount()?, old: BTreeSet::new() };
        stage.prepare(replace)?;
        let calls = stage.calls()?;
        stage.prepare(replace)?;
        for (call, count) in calls {
            for number in numbers(count) {
                for fault in faults(&call, number) {
                    all += 1;
                    if full || all % sample() == 3 {
                        let result = stage.suffer(&fault).and_then(|found| {
                            // The next run succeeds, and clears away what was left.
                            stage.prepare(replace)?;
                            Ok(found)
                        });
                        let found = result.map_err(|error| {
                            let message = error.message().unwrap_or_default();
                            format!("{fault}{}: {message}", if replace { ", replacing" } else { "" })
                        })?;
                        published[found as usize] += 1;
                        tried += 1;
                    }
                }
            }
        }
    }
    let [nothing, old, new] = published;
    println!(
        "faults: {tried} of {all} {what}; afterwards nothing {nothing}, the old set {old}, the new set {new}"
    );
    ensure(nothing > 0 && old > 0, || "no fault has kept anything from being published".into())
}

impl Stage {
    /// Preloads the object, or takes it away.
    fn prepare(&mut self, preloaded: bool) -> Outcome {
        let options = Preload::at(self.bpffs.path()).existing(Existing::Replace);
        drop(many::Skel::open().preload(options)?);
        equal(self.bpffs.list("")?, vec!["many".to_owned()], "left-overs after a run that went well")?;
        equal(self.bpffs.list("many")?, WHOLE.map(str::to_owned).to_vec(), "the set")?;
        if preloaded {
            self.old = inodes(&self.bpffs.join("many"))?;
        } else {
            many::unpin(self.bpffs.path())?;
            equal(self.bpffs.list("")?, Vec::new(), "what is left")?;
            self.old.clear();
        }
        Ok(())
    }

    /// How often each call is made by a preload that nothing happens to.
    fn calls(&self) -> Result<BTreeMap<String, usize>, Failed> {
        let log = tempfile::NamedTempFile::new()?;
        let path = log.path().to_str().ok_or("a path that is not UTF-8")?;
        run(Role::Replace.command(&["strace", "-f", "-o", path], &self.bpffs)?.arg("many"))?;
        let mut counts = BTreeMap::new();
        for line in read(path)?.lines() {
            let call =
                line.split_whitespace().nth(1).and_then(|call| call.split('(').next()).unwrap_or_default();
            if CALLS.contains(&call) {
                *counts.entry(call.to_owned()).or_insert(0) += 1;
            }
        }
        Ok(counts)
    }

    /// One preload with a fault: what is published afterwards, which must be what the process says.
    fn suffer(&self, fault: &str) -> Result<Published, Failed> {
        let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", fault];
        let output = Role::Replace.command(&strace, &self.bpffs)?.arg("many").output()?;
        let published = self.published()?;
        let expected = self.expected(&output);
        ensure(expected.contains(&published), || {
            format!("{published:?} is published, but {}: {output:?}", output.status)
        })?;
        for name in self.bpffs.list("")? {
            ensure(["many", "many__new", "many__old"].contains(&name.as_str()), || {
                format!("{name} was left")
            })?;
        }
        Ok(published)
    }

    /// What may be published after a process that ended like that.
    fn expected(&self, output: &Output) -> Vec<Published> {
        let before = || if self.old.is_empty() { Published::Nothing } else { Published::Old };
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => vec![Published::New],
            // Killed, as the fault wants it, or because the process could not even start.
            None => vec![before(), Published::New],
            Some(_) if said.contains("the new set is in place") => vec![Published::New],
            Some(_) => vec![before()],
        }
    }

    /// What is published, as the file system shows it.
    fn published(&self) -> Result<Published, Failed> {
        let directory = self.bpffs.join("many");
        if !directory.exists() {
            // Before 6.1 the old set has no name for a moment: the next run gives it back.
            return Ok(if self.bpffs.join("many__old").exists() {
                Published::Old
            } else {
                Published::Nothing
            });
        }
        equal(self.bpffs.list("many")?, WHOLE.map(str::to_owned).to_vec(), "the published set")?;
        let ids = inodes(&directory)?;
        equal(ids.len(), WHOLE.len(), "pins in the published set")?;
        if ids == self.old {
            Ok(Published::Old)
        } else if ids.is_disjoint(&self.old) {
            Ok(Published::New)
        } else {
            Err(format!("a mixture: {ids:?} of {:?}", self.old).into())
        }
    }
}

/// The inodes of the pins in a directory: each pin that is made gets a new one.
fn inodes(directory: &Path) -> Result<BTreeSet<u64>, Failed> {
    let pins = WHOLE.iter().map(|name| Ok(fs::symlink_metadata(directory.join(name))?.ino()));
    pins.collect()
}
