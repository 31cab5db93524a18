//! The cases, each by everyone in turns.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::case::{CASES, Case};
use crate::contestant::{CONTESTANTS, Prepared};
use crate::machine::Machine;
use crate::measure;
use crate::options::Options;
use crate::outcome::{CaseOutcome, Outcome, RunOutcome};
use crate::watch::Watch;

/// The kernel takes things down after a process has ended; the next one is not to pay for it.
const SETTLE: Duration = Duration::from_millis(5);

pub(crate) fn measure(machine: &Machine, options: &Options, outcome: &mut Outcome) -> Result<()> {
    for case in CASES.into_iter().filter(|case| options.wants_case(&case.name())) {
        if options.list {
            println!("{:12} {}", case.name(), case.describe());
            continue;
        }
        eprintln!("{}: {}", case.name(), case.describe());
        outcome.runs.push(run(machine, options, case).unwrap_or_else(|error| missing(case, &error)));
    }
    Ok(())
}

/// A case that nobody could do.
fn missing(case: Case, error: &anyhow::Error) -> CaseOutcome {
    let contestants = CONTESTANTS.into_iter().filter(|who| who.wants(case)).map(|contestant| RunOutcome {
        missing: Some(format!("the case failed: {error:#}")),
        ..RunOutcome::new(contestant.name())
    });
    CaseOutcome { name: case.name(), describe: case.describe(), contestants: contestants.collect() }
}

struct Entry {
    program: Option<PathBuf>,
    outcome: RunOutcome,
}

fn run(machine: &Machine, options: &Options, case: Case) -> Result<CaseOutcome> {
    let prepared = Prepared::new(machine, case)?;
    let mut entries: Vec<Entry> = CONTESTANTS
        .into_iter()
        .filter(|contestant| contestant.wants(case))
        .map(|contestant| {
            let built = contestant
                .build(machine, &prepared)
                .and_then(|program| Ok((fs::metadata(&program)?.len(), program)));
            let (size, program, missing) = match built {
                Ok((size, program)) => (size, Some(program), None),
                Err(error) => (0, None, Some(format!("cannot be built: {error:#}"))),
            };
            let outcome = RunOutcome { missing, size, ..RunOutcome::new(contestant.name()) };
            Entry { program, outcome }
        })
        .collect();

    let rounds = options.rounds.unwrap_or_else(|| case.rounds());
    let parent = machine.bpffs().join("run");
    fs::create_dir(&parent).or_else(|_| empty(&parent))?;
    let note_cost = |entry: &mut RunOutcome, cost| {
        entry.costs.push(cost);
        Ok(())
    };
    if case.is_long() {
        // A look at so few calls costs next to nothing.
        let watch = Watch::start(machine.bpffs())?;
        for _ in 0..rounds {
            turn(machine, &mut entries, &parent, case, prepared.pins, |entry, cost| {
                entry.seen.push(watch.seen()?);
                note_cost(entry, cost)
            })?;
        }
    } else {
        // The first turn only fills caches.
        turn(machine, &mut entries, &parent, case, prepared.pins, |_, _| Ok(()))?;
        for _ in 0..rounds {
            turn(machine, &mut entries, &parent, case, prepared.pins, note_cost)?;
        }
        let watch = Watch::start(machine.bpffs())?;
        for _ in 0..rounds.div_ceil(4) {
            turn(machine, &mut entries, &parent, case, prepared.pins, |entry, _| {
                entry.seen.push(watch.seen()?);
                Ok(())
            })?;
        }
    }
    let contestants = entries.into_iter().map(|entry| entry.outcome).collect();
    Ok(CaseOutcome { name: case.name(), describe: case.describe(), contestants })
}

/// Everyone once. Who fails is out from then on.
fn turn(
    machine: &Machine,
    entries: &mut [Entry],
    parent: &Path,
    case: Case,
    pins: usize,
    mut note: impl FnMut(&mut RunOutcome, measure::Cost) -> Result<()>,
) -> Result<()> {
    for entry in entries {
        let Some(program) = &entry.program else { continue };
        let arguments = if case.attaches() { &[parent][..] } else { &[] };
        let mut result = once(machine, program, arguments, parent, pins);
        // What the kernel has found for CO-RE it keeps for who comes next: everyone comes after itself.
        if case.relocates() && result.is_ok() {
            result = once(machine, program, arguments, parent, pins);
        }
        match result {
            Ok(cost) => note(&mut entry.outcome, cost)?,
            Err(error) => {
                entry.program = None;
                entry.outcome.missing = Some(format!("fails: {error:#}"));
                entry.outcome.costs.clear();
            }
        }
    }
    Ok(())
}

/// One program, of which nothing is left afterwards.
fn once(
    machine: &Machine,
    program: &Path,
    arguments: &[&Path],
    parent: &Path,
    pins: usize,
) -> Result<measure::Cost> {
    let cost = measure::once(machine, program, arguments).and_then(|cost| {
        let found = fs::read_dir(parent.join("subject")).map_or(0, |entries| {
            entries.filter(|entry| entry.as_ref().is_ok_and(|entry| !is_marker(&entry.file_name()))).count()
        });
        ensure!(found == pins, "{found} pins in the place of {pins}");
        Ok(cost)
    });
    empty(parent)?;
    thread::sleep(SETTLE);
    cost
}

/// Symbolic links in which a set of pins says what it is.
fn is_marker(name: &std::ffi::OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b"__preload")
}

fn empty(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        fs::remove_dir_all(entry?.path())?;
    }
    Ok(())
}
