//! The results of all kernels, for a person.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::kernels::Kernel;
use super::outcome::{Outcome, Verdict};

/// How many of the last lines are shown of what may explain a failure.
const TAIL: usize = 100;

/// One machine's run.
pub(crate) struct Run {
    pub(crate) kernel: Kernel,
    pub(crate) outcome: Outcome,
    pub(crate) console: String,
    pub(crate) duration: Duration,
    /// Where the whole output lies.
    pub(crate) logs: String,
}

/// Prints all there is to say about the runs of the tests; returns whether all is well.
pub(crate) fn tests(runs: &[Run]) -> bool {
    for run in runs.iter().filter(|run| !run.outcome.is_good()) {
        failure(run);
    }
    table(runs);
    skipped(runs);
    println!();
    for run in runs {
        summary(run);
    }
    let ran = runs.iter().any(|run| run.outcome.count(|verdict| !matches!(verdict, Verdict::Skipped(_))) > 0);
    if !ran {
        println!("no test ran on any kernel");
    }
    ran && runs.iter().all(|run| run.outcome.is_good())
}

/// Prints what a command of the shell gave; returns whether all is well.
pub(crate) fn command(runs: &[Run]) -> bool {
    for run in runs {
        println!("==== {} ({})", run.kernel.version, run.kernel.package);
        println!("{}", run.outcome.output.trim_end());
        if run.outcome.problem.is_some() {
            tail("console", &run.console);
        }
    }
    println!();
    for run in runs {
        let result = match (&run.outcome.problem, run.outcome.code) {
            (Some(problem), _) => problem.clone(),
            (None, Some(code)) => format!("exit code {code}"),
            (None, None) => "no exit code".to_owned(),
        };
        println!("{:<8} {:>5.1} s  {result}", run.kernel.version, run.duration.as_secs_f64());
    }
    runs.iter().all(|run| run.outcome.is_good())
}

fn failure(run: &Run) {
    println!("==== {} ({}), all of it in {}", run.kernel.version, run.kernel.package, run.logs);
    if let Some(problem) = &run.outcome.problem {
        println!("{problem}");
        tail("output", &run.outcome.output);
        tail("console", &run.console);
    } else {
        // The tests give their details between the lines of results and the summary.
        let output = &run.outcome.output;
        let details = output.find("\nfailures:\n").map_or(output.as_str(), |at| &output[at..]);
        println!("{}", details.trim());
    }
    println!();
}

fn tail(what: &str, text: &str) {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    println!("---- end of the {what}{}", if lines.is_empty() { " (it is empty)" } else { "" });
    for line in &lines[lines.len().saturating_sub(TAIL)..] {
        println!("{line}");
    }
}

fn table(runs: &[Run]) {
    let names: BTreeSet<&String> = runs.iter().flat_map(|run| run.outcome.tests.keys()).collect();
    let width = names.iter().map(|name| name.len()).max().unwrap_or(0).max(4);
    print!("{:<width$}", "test");
    for run in runs {
        print!("  {:<6}", run.kernel.version);
    }
    println!();
    for name in names {
        print!("{name:<width$}");
        for run in runs {
            let cell = match run.outcome.tests.get(name) {
                Some(Verdict::Ok) => "ok",
                Some(Verdict::Failed) => "FAILED",
                Some(Verdict::Skipped(_)) => "skip",
                // This test may well have been due.
                None if run.outcome.problem.is_some() => "lost",
                None => "–",
            };
            print!("  {cell:<6}");
        }
        println!();
    }
}

/// One line for each test and reason, with the kernels it holds for.
fn skipped(runs: &[Run]) {
    let mut skipped: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for run in runs {
        for (name, verdict) in &run.outcome.tests {
            if let Verdict::Skipped(reason) = verdict {
                let reason = reason.as_deref().unwrap_or("no reason given");
                skipped.entry((name, reason)).or_default().push(&run.kernel.version);
            }
        }
    }
    if !skipped.is_empty() {
        println!("\nskipped:");
    }
    for ((name, reason), versions) in skipped {
        println!("  {name} on {}: {reason}", versions.join(", "));
    }
}

fn summary(run: &Run) {
    let Run { kernel, outcome, duration, .. } = run;
    let ok = outcome.count(|verdict| *verdict == Verdict::Ok);
    let failed = outcome.count(|verdict| *verdict == Verdict::Failed);
    let skipped = outcome.tests.len() - ok - failed;
    let counts = format!("{ok} ok, {failed} failed, {skipped} skipped");
    let result = match &outcome.problem {
        Some(problem) => format!("FAILED: {problem} ({counts})"),
        None if failed > 0 => format!("FAILED: {counts}"),
        None => counts,
    };
    println!("{:<8} {:>5.1} s  {}: {result}", kernel.version, duration.as_secs_f64(), kernel.package);
}
