//! Preloading under every fault: each system call of it fails once, with each error that is plausible, and before each the process
//! is killed. The pins are looked at from outside. Beside that: many replacements under load, and by many at once.
//!
//! All cases with `PRELOAD_FAULTS=full` (`cargo xtask faults`), else one in ten.

pub(crate) mod gapless;
mod races;
mod victim;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;

use libtest_mimic::Failed;
use nix::libc;
use preload_runtime::{Attachment, ErrorKind, Existing, Pinned, Preload, Removal, status};

pub(crate) use self::victim::suffer;
use self::victim::{CALLS, Ended, Fault, Victim};
use crate::attach::placed::in_network;
use crate::harness::{Outcome, Test, ensure, equal, release};
use crate::objects::Object;
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
/// What is preloaded under faults: the names in a whole set, in order, and whether one is there before or not.
struct Case {
    object: &'static str,
    whole: &'static [&'static str],
    replace: bool,
    /// A link that stays while what it holds is replaced.
    in_place: Option<&'static str>,
    /// There is one at most, and it cannot be replaced: what a run has published goes before the next one.
    only: bool,
    /// The calls that there are faults at; all when none is named.
    calls: &'static [&'static str],
    /// The kernel that it needs.
    kernel: (u32, u32),
}

impl Case {
    const DEFAULT: Self = Self {
        object: "",
        whole: &[],
        replace: false,
        in_place: None,
        only: false,
        calls: &[],
        kernel: (5, 10),
    };
}

/// The names in a set of `crowd`.
pub(crate) const CROWD: &[&str] =
    &["crowd_exec", "crowd_exit", "crowd_fork", "crowd_state", "crowd_switch", "crowd_table"];

/// Many programs and maps, in an empty place and in one where they are preloaded; and two objects for which the kernel's type
/// information is read, which takes an emulated machine far longer than all the rest. Among them, a program and operations that are
/// replaced in their link, and operations without one, which stay in force whoever dies; what the operations are tried at is what is
/// done otherwise for them.
const CASES: [Case; 6] = [
    Case { object: "crowd", whole: CROWD, ..Case::DEFAULT },
    Case { object: "crowd", whole: CROWD, replace: true, ..Case::DEFAULT },
    Case {
        object: "exclusive",
        whole: &["beside", "passed", "watch"],
        replace: true,
        in_place: Some("watch"),
        ..Case::DEFAULT
    },
    Case {
        object: "operations_faulty",
        whole: &["control", "taken"],
        replace: true,
        in_place: Some("control"),
        calls: &["bpf", "renameat2"],
        kernel: (6, 4),
        ..Case::DEFAULT
    },
    Case {
        object: "operations_held",
        whole: &["control", "taken"],
        only: true,
        calls: &["bpf", "renameat2", "symlinkat"],
        ..Case::DEFAULT
    },
    Case { object: "plain", whole: &["count_maps"], ..Case::DEFAULT },
];

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

/// A bpffs in which an object is preloaded or not, over and over.
struct Stage {
    bpffs: Bpffs,
    case: &'static Case,
    object: &'static Object,
    /// The pins of the set that was there before the fault, as inodes; none when there was none.
    old: BTreeSet<u64>,
    /// The program, or the map of operations, in the link that stays.
    old_content: u32,
    /// What the runs have held in the kernel when their faults came.
    held: BTreeSet<Held>,
}

fn every_call_fails() -> Outcome {
    const FAULTS: [Fault; ERRORS.len()] = {
        let mut faults = [Fault::Kill; ERRORS.len()];
        let mut index = 0;
        while index < ERRORS.len() {
            faults[index] = Fault::Error(ERRORS[index]);
            index += 1;
        }
        faults
    };
    all_faults("failures", &FAULTS)
}

fn killed_at_every_call() -> Outcome {
    all_faults("kills", &[Fault::Kill])
}

/// How many cases there were, and what came of them.
#[derive(Default)]
struct Tally {
    /// Calls at which there is a fault, one or several.
    points: usize,
    all: usize,
    tried: usize,
    /// By what was published afterwards.
    published: [usize; 3],
    /// Cases after which the next run had something to clear away.
    left_over: usize,
}

/// Tries the faults at every call.
fn all_faults(what: &str, faults: &'static [Fault]) -> Outcome {
    let mut tally = Tally::default();
    for case in CASES.iter().filter(|case| release() >= case.kernel) {
        // On an interface that nobody else has.
        in_network(|| case_of_faults(case, faults, &mut tally))?;
    }
    let Tally { points, all, tried, published: [nothing, old, new], left_over } = tally;
    println!(
        "faults: {tried} of {all} {what} at {points} calls; afterwards nothing {nothing}, the old set {old}, the new set {new}; \
         left-overs for the next run {left_over}"
    );
    ensure(nothing > 0 && old > 0, || "no fault has kept anything from being published".into())
}

fn case_of_faults(case: &'static Case, faults: &[Fault], tally: &mut Tally) -> Outcome {
    let object = Object::named(case.object)?;
    let mut stage = Stage {
        bpffs: Bpffs::mount()?,
        case,
        object,
        old: BTreeSet::new(),
        old_content: 0,
        held: BTreeSet::new(),
    };
    for call in CALLS.iter().filter(|call| case.calls.is_empty() || case.calls.contains(&call.name)) {
        stage.prepare()?;
        let mut victim = Victim::start(&stage.bpffs, case.object, *call)?;
        let count = victim.preload(None)?.calls;
        stage.prepare()?;
        for number in numbers(count) {
            tally.points += 1;
            for (index, fault) in faults.iter().enumerate() {
                tally.all += 1;
                // Each call with another error, so that the sample has all of both.
                if !every_fault() && (tally.points + index) % SAMPLE != 3 {
                    continue;
                }
                stage.suffer(&mut victim, number, *fault, tally).map_err(|error| {
                    let message = error.message().unwrap_or_default();
                    let replacing = if case.replace { ", replacing" } else { "" };
                    format!("{}, {} {number} {fault:?}{replacing}: {message}", case.object, call.name)
                })?;
                if let Fault::Kill = fault {
                    victim = Victim::start(&stage.bpffs, case.object, *call)?;
                }
                // The next run succeeds, and clears away what was left.
                stage.prepare()?;
            }
        }
    }
    stage.end()
}

fn every_fault() -> bool {
    std::env::var("PRELOAD_FAULTS").is_ok_and(|faults| faults == "full")
}

impl Stage {
    /// Preloads the object, and takes it away again if that is the case.
    fn prepare(&mut self) -> Outcome {
        if self.case.only && self.bpffs.join(self.case.object).exists() {
            self.unpin()?;
        }
        self.preload()?;
        if self.case.replace { Ok(()) } else { self.unpin() }
    }

    fn preload(&mut self) -> Outcome {
        // Other tests may have the statics.
        (self.object.preload_apart)(Preload::at(self.bpffs.path()).existing(Existing::Replace))?;
        equal(
            self.bpffs.list("")?,
            vec![self.case.object.to_owned()],
            "left-overs after a run that went well",
        )?;
        self.old = self.pins()?;
        self.old_content = self.content()?;
        Ok(())
    }

    /// What a preload does before it looks at what is there: it undoes what a killed process was at.
    fn recover(&self) -> Outcome {
        match (self.object.preload_apart)(Preload::at(self.bpffs.path())) {
            Err(error) => equal(error.kind(), ErrorKind::AlreadyPinned, "another preload"),
            Ok(()) => Err("nothing was there".into()),
        }
    }

    /// The id of what is in the link that stays: a program, or a map of operations; 0 where there is none.
    fn content(&self) -> Result<u32, Failed> {
        let mut id = 0;
        status(self.bpffs.join(self.case.object))?.pins(|pin| {
            if let (Pinned::Link(link), Some(name)) = (&pin.pinned, self.case.in_place) {
                if pin.name.to_bytes() == name.as_bytes() {
                    id = match link.attachment {
                        Attachment::StructOps { map_id } => map_id,
                        _ => link.program_id,
                    };
                }
            }
        })?;
        Ok(id)
    }

    fn unpin(&mut self) -> Outcome {
        (self.object.unpin)(Removal::at(self.bpffs.path()))?;
        self.old.clear();
        equal(self.bpffs.list("")?, Vec::new(), "what is left")
    }

    /// The inodes of the pins in the published set, all of which are there: each pin that is made gets a new one.
    fn pins(&self) -> Result<BTreeSet<u64>, Failed> {
        let whole = self.case.whole.iter().map(|&name| name.to_owned()).collect();
        let mut names = self.bpffs.list(self.case.object)?;
        // Programs that nobody wants back any more, for the next run to remove.
        names.retain(|name| !name.starts_with("__undo"));
        equal(names, whole, "the published set")?;
        let directory = self.bpffs.join(self.case.object);
        let pins = self.case.whole.iter().map(|name| Ok(fs::symlink_metadata(directory.join(name))?.ino()));
        pins.collect()
    }

    /// One preload with a fault: what is published afterwards, which must be what the process says.
    fn suffer(&mut self, victim: &mut Victim, number: usize, fault: Fault, tally: &mut Tally) -> Outcome {
        let run = victim.preload(Some((number, fault)))?;
        self.held.extend(run.held);
        let killed = matches!(run.ended, Ended::Killed);
        if killed && self.case.in_place.is_some() {
            // The links have the programs of the set once the next run has looked.
            self.recover()?;
        }
        let published = self.published()?;
        let expected = self.expected(&run.ended);
        ensure(expected.contains(&published), || format!("{published:?} is published, but {:?}", run.ended))?;
        let object = self.case.object;
        let names = self.bpffs.list("")?;
        for name in &names {
            let suffix = name.strip_prefix(object).unwrap_or(name);
            ensure(["", "__new", "__old"].contains(&suffix), || format!("{name} was left"))?;
        }
        tally.tried += 1;
        tally.published[published as usize] += 1;
        tally.left_over += usize::from(names.iter().any(|name| name != object));
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
        self.preload()?;
        self.unpin()?;
        Held::all_gone(&self.held)
    }

    /// What is published, as the file system shows it.
    fn published(&self) -> Result<Published, Failed> {
        let object = self.case.object;
        if !self.bpffs.join(object).exists() {
            // Before 6.1 the old set has no name for a moment: the next run gives it back.
            return Ok(if self.bpffs.join(&format!("{object}__old")).exists() {
                Published::Old
            } else {
                Published::Nothing
            });
        }
        let pins = self.pins()?;
        equal(pins.len(), self.case.whole.len(), "pins in the published set")?;
        let is_old = self.content()? == self.old_content;
        if pins == self.old && is_old {
            Ok(Published::Old)
        } else if pins.is_disjoint(&self.old) && (!is_old || self.case.in_place.is_none()) {
            Ok(Published::New)
        } else {
            Err(format!("a mixture: {pins:?} of {:?}, the link as it was: {is_old}", self.old).into())
        }
    }
}
