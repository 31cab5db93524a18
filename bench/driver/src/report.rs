//! What was measured, as tables and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::measure::Cost;
use crate::outcome::{BuildOutcome, CaseOutcome, ExpansionOutcome, Outcome, RunOutcome};
use crate::statistics::{Sample, ratios};

/// Whom the ratios are of.
const OURS: &str = "ours, std";
/// Who stands in where there is no target for musl.
const STAND_IN: &str = "ours, std, glibc";

pub(crate) fn text(outcome: &Outcome) -> String {
    let mut text = String::new();
    for (what, value) in &outcome.conditions {
        line(&mut text, &format!("{what:12} {value}"));
    }
    for (what, value) in outcome.conditions_after.iter().filter(|(what, _)| what == "load" || what == "time")
    {
        line(&mut text, &format!("{what:12} {value}, at the end"));
    }
    if !outcome.runs.is_empty() {
        line(
            &mut text,
            "\nTimes are medians in milliseconds, of the whole process; `ours/` is the median of the ratios of",
        );
        line(
            &mut text,
            "`ours, std` to that row, turn by turn, with the quarter and three-quarter points. `inside` is the",
        );
        line(
            &mut text,
            "time in which some thread is in bpf(2), `outside` the rest of the time between exec and exit.",
        );
    }
    for case in &outcome.runs {
        self::case(&mut text, case);
    }
    growth(&mut text, &outcome.runs);
    if !outcome.builds.is_empty() {
        builds(&mut text, &outcome.builds);
    }
    if !outcome.expansions.is_empty() {
        expansions(&mut text, &outcome.expansions);
    }
    text
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

fn column(costs: &[Cost], of: impl Fn(&Cost) -> f64) -> Vec<f64> {
    costs.iter().map(of).collect()
}

fn median(costs: &[Cost], of: impl Fn(&Cost) -> f64) -> f64 {
    costs.iter().map(of).collect::<Sample>().median()
}

fn spread(sample: &Sample) -> String {
    format!("{:.3} ({:.3}..{:.3})", sample.median(), sample.quantile(0.25), sample.quantile(0.75))
}

fn case(text: &mut String, case: &CaseOutcome) {
    let turns = case.contestants.iter().map(|run| run.costs.len()).max().unwrap_or_default();
    line(text, &format!("\n{}: {}; {turns} turns", case.name, case.describe));
    line(
        text,
        &format!(
            "{:18} {:>9} {:>9} {:>9} {:>24} {:>24} {:>9} {:>9} {:>7} {:>7} {:>9} {:>9}",
            "",
            "wall",
            "lowest",
            "CPU",
            "ours/ wall",
            "ours/ CPU",
            "inside",
            "outside",
            "calls",
            "bpf",
            "peak KiB",
            "size KiB"
        ),
    );
    let of = |name: &str| case.contestants.iter().find(|run| run.contestant == name);
    let ours = of(OURS).filter(|run| run.missing.is_none()).or_else(|| of(STAND_IN));
    for run in &case.contestants {
        if let Some(missing) = &run.missing {
            line(text, &format!("{:18} missing: {}", run.contestant, missing.replace('\n', " ")));
            continue;
        }
        let ratio = |of: fn(&Cost) -> f64| {
            ours.map_or(String::new(), |ours| {
                spread(&ratios(&column(&ours.costs, of), &column(&run.costs, of)))
            })
        };
        let seen = |of: fn(&crate::watch::Seen) -> f64| run.seen.iter().map(of).collect::<Sample>().median();
        let _ = writeln!(
            text,
            "{:18} {:9.3} {:9.3} {:9.3} {:>24} {:>24} {:9.3} {:9.3} {:7} {:7} {:9} {:9}",
            run.contestant,
            median(&run.costs, |cost| cost.wall),
            run.costs.iter().map(|cost| cost.wall).collect::<Sample>().lowest(),
            median(&run.costs, |cost| cost.cpu),
            ratio(|cost| cost.wall),
            ratio(|cost| cost.cpu),
            seen(|seen| seen.inside),
            seen(|seen| seen.life - seen.inside),
            seen(|seen| seen.calls),
            seen(|seen| seen.bpf_calls),
            median(&run.costs, |cost| cost.memory),
            run.size / 1024,
        );
    }
}

/// What one more program or map takes, by how many there are: cases of one kind, `light-1`, `light-8` and so on.
fn growth(text: &mut String, cases: &[CaseOutcome]) {
    for kind in ["light", "heavy", "maps"] {
        let of_kind: Vec<(f64, &CaseOutcome)> = cases
            .iter()
            .filter_map(|case| Some((case.name.strip_prefix(kind)?.strip_prefix('-')?.parse().ok()?, case)))
            .collect();
        let [(base_count, base), rest @ ..] = of_kind.as_slice() else { continue };
        if rest.is_empty() {
            continue;
        }
        line(
            text,
            &format!(
                "\n{kind}: milliseconds of CPU for each one beyond the first {base_count}; in brackets outside bpf(2)"
            ),
        );
        for (index, run) in base.contestants.iter().enumerate() {
            let mut cells = String::new();
            for (count, case) in rest {
                let other = &case.contestants[index];
                if run.missing.is_some() || other.missing.is_some() {
                    let _ = write!(cells, " {:>20}", "missing");
                    continue;
                }
                let each = |of: &dyn Fn(&RunOutcome) -> f64| (of(other) - of(run)) / (count - base_count);
                let cpu = each(&|run| median(&run.costs, |cost| cost.cpu));
                let outside = each(&|run| {
                    run.seen.iter().map(|seen| seen.life - seen.inside).collect::<Sample>().median()
                });
                let _ = write!(cells, " {:>20}", format!("{count}: {cpu:.4} ({outside:.4})"));
            }
            line(text, &format!("{:18}{cells}", run.contestant));
        }
    }
}

fn builds(text: &mut String, builds: &[BuildOutcome]) {
    line(text, "\nThe smallest crate that uses it, dev build; seconds");
    line(
        text,
        &format!(
            "{:26} {:>7} {:>9} {:>9} {:>12} {:>12} {:>24} {:>24}",
            "", "crates", "clean", "its CPU", "incremental", "its CPU", "ours/ clean", "ours/ its CPU"
        ),
    );
    let ours = builds.iter().find(|build| build.name == OURS);
    for build in builds {
        if let Some(missing) = &build.missing {
            line(text, &format!("{:26} missing: {}", build.name, missing.replace('\n', " ")));
            continue;
        }
        let ratio = |of: fn(&Cost) -> f64| {
            ours.map_or(String::new(), |ours| {
                spread(&ratios(&column(&ours.clean, of), &column(&build.clean, of)))
            })
        };
        let _ = writeln!(
            text,
            "{:26} {:7} {:9.2} {:9.2} {:12.2} {:12.2} {:>24} {:>24}",
            build.name,
            build.crates,
            median(&build.clean, |cost| cost.wall) / 1e3,
            median(&build.clean, |cost| cost.cpu) / 1e3,
            median(&build.incremental, |cost| cost.wall) / 1e3,
            median(&build.incremental, |cost| cost.cpu) / 1e3,
            ratio(|cost| cost.wall),
            ratio(|cost| cost.cpu),
        );
    }
}

fn expansions(text: &mut String, expansions: &[ExpansionOutcome]) {
    line(
        text,
        "\nrustc for a crate with one object, dev build; milliseconds, `over` those for an attribute that does nothing; `check` is\n\
         without machine code and linking",
    );
    line(
        text,
        &format!(
            "{:16} {:>12} {:>9} {:>9} {:>9} {:>11} {:>11} {:>12} {:>14} {:>9}",
            "",
            "object KiB",
            "programs",
            "wall",
            "CPU",
            "over, wall",
            "over, CPU",
            "over, check",
            "CPU for a MiB",
            "peak MiB"
        ),
    );
    let base = expansions.first();
    for expansion in expansions {
        if let Some(missing) = &expansion.missing {
            line(text, &format!("{:16} missing: {}", expansion.name, missing.replace('\n', " ")));
            continue;
        }
        let of = |of: fn(&Cost) -> f64| median(&expansion.costs, of);
        let over_of = |costs: fn(&ExpansionOutcome) -> &[Cost], of: fn(&Cost) -> f64| {
            base.map_or(f64::NAN, |base| {
                let turns = costs(expansion).iter().zip(costs(base));
                turns.map(|(ours, base)| of(ours) - of(base)).collect::<Sample>().median()
            })
        };
        let over = |of| over_of(|outcome| &outcome.costs, of);
        let _ = writeln!(
            text,
            "{:16} {:12.1} {:9} {:9.0} {:9.0} {:11.0} {:11.0} {:12.0} {:14.0} {:9.0}",
            expansion.name,
            expansion.object as f64 / 1024.0,
            expansion.programs,
            of(|cost| cost.wall),
            of(|cost| cost.cpu),
            over(|cost| cost.wall),
            over(|cost| cost.cpu),
            over_of(|outcome| &outcome.checks, |cost| cost.cpu),
            over(|cost| cost.cpu) / (expansion.object as f64 / 1024.0 / 1024.0),
            of(|cost| cost.memory) / 1024.0,
        );
    }
}

fn costs(costs: &[Cost]) -> Value {
    json!({
        "wall_ms": column(costs, |cost| cost.wall),
        "cpu_ms": column(costs, |cost| cost.cpu),
        "peak_kib": column(costs, |cost| cost.memory),
    })
}

pub(crate) fn json(outcome: &Outcome) -> Value {
    let conditions = |conditions: &[(String, String)]| {
        conditions.iter().map(|(what, value)| (what.clone(), Value::from(value.as_str()))).collect::<Value>()
    };
    let run = |run: &RunOutcome| {
        let seen = |of: fn(&crate::watch::Seen) -> f64| run.seen.iter().map(of).collect::<Vec<_>>();
        json!({
            "who": run.contestant,
            "missing": run.missing,
            "program_bytes": run.size,
            "costs": costs(&run.costs),
            "life_ms": seen(|seen| seen.life),
            "inside_bpf_ms": seen(|seen| seen.inside),
            "calls": seen(|seen| seen.calls),
            "bpf_calls": seen(|seen| seen.bpf_calls),
        })
    };
    json!({
        "conditions": conditions(&outcome.conditions),
        "conditions_after": conditions(&outcome.conditions_after),
        "runs": outcome.runs.iter().map(|case| json!({
            "case": case.name,
            "what": case.describe,
            "by": case.contestants.iter().map(run).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "builds": outcome.builds.iter().map(|build| json!({
            "who": build.name,
            "missing": build.missing,
            "crates": build.crates,
            "clean": costs(&build.clean),
            "incremental": costs(&build.incremental),
        })).collect::<Vec<_>>(),
        "expansions": outcome.expansions.iter().map(|expansion| json!({
            "object": expansion.name,
            "missing": expansion.missing,
            "object_bytes": expansion.object,
            "programs": expansion.programs,
            "rustc": costs(&expansion.costs),
            "check": costs(&expansion.checks),
        })).collect::<Vec<_>>(),
    })
}
