//! `bpf-preload check`: what of an object's needs another kernel has.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use preload_object::{Answer, KernelTypes, Need, NeedKind, Object, Plan};
use serde::Serialize;

use crate::inspect::object_choices;
use crate::table::Table;

/// Something is missing that the object cannot do without.
const MISSING: u8 = 4;
/// It cannot be told.
const UNKNOWN: u8 = 5;

pub(crate) fn run(path: &Path, kernel_btf: &Path, json: bool) -> Result<ExitCode> {
    let read = |path: &Path| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let kernel = KernelTypes::read(&read(kernel_btf)?)
        .with_context(|| format!("{} holds no type information of a kernel", kernel_btf.display()))?;
    let object = match Object::read(&read(path)?) {
        Ok(object) => object,
        Err(errors) => bail!("{} cannot be preloaded:\n{errors}", path.display()),
    };
    let plan = Plan::new(&object, &object_choices(path));
    let report = Report::new(&plan.object, &kernel.needs(&plan));
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", report.text());
    }
    Ok(match report.loads {
        "yes" => ExitCode::SUCCESS,
        "no" => ExitCode::from(MISSING),
        _ => ExitCode::from(UNKNOWN),
    })
}

/// What there is to be told; the fields are those of the JSON.
#[derive(Serialize)]
struct Report {
    object: String,
    /// `yes`, `no`, or `unknown`: as far as the type information tells.
    loads: &'static str,
    /// Things that were looked for.
    needs: usize,
    /// Those that are not there, or of which it cannot be told.
    absent: Vec<Absent>,
}

#[derive(Serialize)]
struct Absent {
    item: String,
    kind: &'static str,
    what: String,
    place: String,
    answer: &'static str,
}

impl Report {
    fn new(object: &str, needs: &[Need]) -> Self {
        let any = |answers: &[Answer]| needs.iter().any(|need| answers.contains(&need.answer));
        let loads = if any(&[Answer::Missing]) {
            "no"
        } else if any(&[Answer::Guarded, Answer::Unknown]) {
            "unknown"
        } else {
            "yes"
        };
        let absent = needs.iter().filter(|need| need.answer != Answer::Present);
        Self { object: object.to_owned(), loads, needs: needs.len(), absent: absent.map(absence).collect() }
    }

    fn text(&self) -> String {
        let verdict = match self.loads {
            "yes" => "has all that it cannot do without",
            "no" => "lacks something that it cannot do without",
            _ => "may lack something",
        };
        let there = self.needs - self.absent.len();
        let mut text = format!(
            "object {}: that kernel {verdict}; {there} of {} things are there\n",
            self.object, self.needs
        );
        if !self.absent.is_empty() {
            let mut table = Table::new(["of", "needed as", "what", "where", ""]);
            for absent in &self.absent {
                let place = if absent.place.is_empty() { "-" } else { &absent.place };
                table.row([&absent.item, absent.kind, &absent.what, place, absent.answer].map(str::to_owned));
            }
            text += &format!("\n{table}");
        }
        text
    }
}

fn absence(need: &Need) -> Absent {
    Absent {
        item: need.item.clone(),
        kind: match need.kind {
            NeedKind::Target => "target",
            NeedKind::Symbol => "symbol",
            NeedKind::Operations => "operations",
            NeedKind::Relocation => "CO-RE",
        },
        what: need.what.clone(),
        place: need.place.clone(),
        answer: match need.answer {
            Answer::Present => "there",
            Answer::NotNeeded => "missing, and not needed",
            Answer::Missing => "missing",
            Answer::Guarded => "missing, if the program comes there",
            Answer::Unknown => "not told by this file",
        },
    }
}
