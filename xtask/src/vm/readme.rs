//! The README's table of kernels, made of a run of the tests.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::outcome::Verdict;
use super::report::Run;

const BEGIN: &str = "<!-- made by `cargo xtask vm --readme write` -->\n";
const END: &str = "<!-- end -->\n";
/// Tests of this group stand for what a user asks of a kernel.
const GROUP: &str = "features::";

/// What is to become of the table in the README.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readme {
    /// It is replaced by that of this run.
    Write,
    /// It must be that of this run.
    Check,
}

impl Readme {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "write" => Some(Self::Write),
            "check" => Some(Self::Check),
            _ => None,
        }
    }

    pub(crate) fn carry_out(self, root: &Path, runs: &[Run]) -> Result<()> {
        let path = root.join("README.md");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let begin = text.find(BEGIN).map(|at| at + BEGIN.len());
        let end = text.find(END);
        let (Some(begin), Some(end)) = (begin, end) else {
            anyhow::bail!("{} has no place for the table, between `{BEGIN}` and `{END}`", path.display());
        };
        ensure!(begin <= end, "the ends of the table in {} stand the wrong way round", path.display());
        let table = table(runs);
        match self {
            Self::Write => {
                let new = format!("{}{table}{}", &text[..begin], &text[end..]);
                fs::write(&path, new).with_context(|| format!("cannot write {}", path.display()))
            }
            Self::Check => {
                ensure!(
                    text[begin..end] == table,
                    "the table in the README is not that of this run, which is:\n\n{table}\n\
                     write it with `cargo xtask vm --readme write`"
                );
                Ok(())
            }
        }
    }
}

/// A row for each feature, a column for each kernel, and below it why a cell is empty.
fn table(runs: &[Run]) -> String {
    let names: BTreeSet<&str> = runs
        .iter()
        .flat_map(|run| run.outcome.tests.keys())
        .filter_map(|name| name.strip_prefix(GROUP))
        .collect();
    let mut table = String::from("| |");
    for run in runs {
        let _ = write!(table, " {} |", run.kernel.version);
    }
    let _ = writeln!(table, "\n|---|{}", "---|".repeat(runs.len()));
    let mut reasons = Vec::new();
    for name in names {
        let title = title(name);
        let _ = write!(table, "| {title} |");
        for run in runs {
            let cell = match run.outcome.tests.get(&format!("{GROUP}{name}")) {
                Some(Verdict::Ok) => "yes",
                Some(Verdict::Skipped(reason)) => {
                    let reason = reason.as_deref().unwrap_or("no reason given");
                    reasons.push(format!("{title} on {}: {reason}", run.kernel.version));
                    "–"
                }
                Some(Verdict::Failed) | None => "FAILED",
            };
            let _ = write!(table, " {cell} |");
        }
        table.push('\n');
    }
    if !reasons.is_empty() {
        let _ = writeln!(table, "\n{}.", reasons.join("; "));
    }
    table
}

/// The name of a test as words, with those of the field as the field writes them.
fn title(name: &str) -> String {
    match name {
        "tp_btf" => "`tp_btf`".to_owned(),
        "lsm" => "LSM programs (booted with `lsm=bpf,lockdown`)".to_owned(),
        "iterators_with_co_re" => "iterators with CO-RE".to_owned(),
        other => other.replace('_', " "),
    }
}
