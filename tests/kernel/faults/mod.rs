//! Preloading under every fault: each system call of it fails once, with each error that is plausible, and before each the process
//! is killed. The pins are looked at from outside. Beside that: many replacements under load, and by many at once.
//!
//! All cases with `PRELOAD_FAULTS=full` (`cargo xtask faults`), else one in ten.

mod gapless;
mod races;
mod victim;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use libtest_mimic::Failed;
use nix::libc;
use preload_runtime::{Existing, Preload};

pub(crate) use self::victim::suffer;
use self::victim::{CALLS, Ended, Fault, Victim};
use crate::harness::{Outcome, Test, ensure, equal};
use crate::objects::many;
use crate::witness::{Bpffs, Held};

pub(crate) const TESTS: &[Test] = &[
    Test { name: "faults::every_call_fails_once", needs: &[], run: every_call_fails },
    Test { name: "faults::killed_at_every_call", needs: &[], run: killed_at_every_call },
    Test { name: "faults::replaced_without_a_gap", needs: &[], run: gapless::without_a_gap },
    Test { name: "faults::races_leave_whole_sets", needs: &[], run: races::races },
];

const ERRORS: [i32; 10] = [
    libc::EPERM,
    libc::EINVAL,
    libc::ENOMEM,
    libc::ENOSPC,
    libc::EEXIST,
    libc::EBUSY,
    libc::EAGAIN,
    libc::EINTR,
    libc::E2BIG,
    libc::ENOENT,
];
/// The names in a whole set.
const WHOLE: [&str; 6] = ["many_exit", "many_list", "many_state", "many_switch", "many_typed", "table"];
/// One case in so many is tried unless all are asked for.
const SAMPLE: usize = 10;

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
    /// What the runs have held in the kernel when their faults came.
    held: BTreeSet<Held>,
}

fn every_call_fails() -> Outcome {
    all_faults("failures", &ERRORS.map(Fault::Error))
}

fn killed_at_every_call() -> Outcome {
    all_faults("kills", &[Fault::Kill])
}

/// How many cases there were, and what came of them.
#[derive(Default)]
struct Tally {
    all: usize,
    tried: usize,
    /// By what was published afterwards.
    published: [usize; 3],
    /// Cases after which the next run had something to clear away.
    left_over: usize,
}

/// Tries the faults at every call, in an empty place and in one where the object is preloaded.
fn all_faults(what: &str, faults: &[Fault]) -> Outcome {
    let mut tally = Tally::default();
    for replace in [false, true] {
        let mut stage = Stage { bpffs: Bpffs::mount()?, old: BTreeSet::new(), held: BTreeSet::new() };
        for call in CALLS {
            stage.prepare(replace)?;
            let mut victim = Victim::start(&stage.bpffs, "many", *call)?;
            let count = victim.preload(None)?.calls;
            stage.prepare(replace)?;
            for (point, number) in numbers(count).enumerate() {
                for (index, fault) in faults.iter().enumerate() {
                    tally.all += 1;
                    // Each call with another error, so that the sample has all of both.
                    if !every_fault() && (point + index) % SAMPLE != 3 {
                        continue;
                    }
                    stage.suffer(&mut victim, number, *fault, &mut tally).map_err(|error| {
                        let message = error.message().unwrap_or_default();
                        let replacing = if replace { ", replacing" } else { "" };
                        format!("{} {number} {fault:?}{replacing}: {message}", call.name)
                    })?;
                    if let Fault::Kill = fault {
                        victim = Victim::start(&stage.bpffs, "many", *call)?;
                    }
                    // The next run succeeds, and clears away what was left.
                    stage.prepare(replace)?;
                }
            }
        }
        stage.end()?;
    }
    let Tally { all, tried, published: [nothing, old, new], left_over } = tally;
    println!(
        "faults: {tried} of {all} {what}; afterwards nothing {nothing}, the old set {old}, the new set {new}; \
         left-overs for the next run {left_over}"
    );
    ensure(nothing > 0 && old > 0, || "no fault has kept anything from being published".into())
}

fn every_fault() -> bool {
    std::env::var("PRELOAD_FAULTS").is_ok_and(|faults| faults == "full")
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

    /// One preload with a fault: what is published afterwards, which must be what the process says.
    fn suffer(&mut self, victim: &mut Victim, number: usize, fault: Fault, tally: &mut Tally) -> Outcome {
        let run = victim.preload(Some((number, fault)))?;
        self.held.extend(run.held);
        let published = self.published()?;
        let expected = self.expected(&run.ended);
        ensure(expected.contains(&published), || format!("{published:?} is published, but {:?}", run.ended))?;
        let names = self.bpffs.list("")?;
        if let Some(name) =
            names.iter().find(|name| !["many", "many__new", "many__old"].contains(&name.as_str()))
        {
            return Err(format!("{name} was left").into());
        }
        tally.tried += 1;
        tally.published[published as usize] += 1;
        tally.left_over += usize::from(names.iter().any(|name| name != "many"));
        Ok(())
    }

    /// What may be published after a preload that ended like that.
    fn expected(&self, ended: &Ended) -> Vec<Published> {
        let before = || if self.old.is_empty() { Published::Nothing } else { Published::Old };
        match ended {
            Ended::Well => vec![Published::New],
            Ended::Killed => vec![before(), Published::New],
            Ended::Failed(message) if message.contains("the new set is in place") => vec![Published::New],
            Ended::Failed(_) => vec![before()],
        }
    }

    /// Of all that the faulty runs have put into the kernel, nothing is left.
    fn end(mut self) -> Outcome {
        self.prepare(false)?;
        Held::all_gone(&self.held)
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
