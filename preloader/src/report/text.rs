//! A report for a person at a console.

use std::io::{self, Write};

use preload_runtime::plan::{MapPlan, Plan, ProgramPlan};

use super::{Outcome, Report};

pub(super) fn report(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for (object, outcome) in &report.objects {
        let directory = report.bpffs.join(object.plan().directory);
        match outcome {
            Outcome::Planned => plan(object.plan(), &directory.display().to_string(), out)?,
            Outcome::Preloaded | Outcome::Replaced | Outcome::Kept => {
                writeln!(out, "{}: {} in {}", object.name(), outcome.word(), directory.display())?;
            }
            Outcome::Shown(status) => writeln!(out, "{status}")?,
            // An error says all of it.
            Outcome::Failed(_) => {}
            other => writeln!(out, "{}: {}", object.name(), other.word())?,
        }
    }
    Ok(())
}

fn plan(plan: &Plan, directory: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: licence {}, pins in {directory}", plan.object, plan.license.to_string_lossy())?;
    for map in plan.maps {
        writeln!(out, "  map {}", self::map(map))?;
    }
    for program in plan.programs {
        writeln!(out, "  program {}", self::program(program))?;
    }
    Ok(())
}

fn map(map: &MapPlan) -> String {
    format!(
        "{}: type {}, key {} bytes, value {} bytes, {} entries{}",
        map.name,
        map.map_type,
        map.key_size,
        map.value_size,
        map.max_entries,
        pin(map.pin)
    )
}

fn program(program: &ProgramPlan) -> String {
    let target = program.target.map(|target| format!("/{target}")).unwrap_or_default();
    let left_out = if program.autoload { "" } else { ", left out" };
    format!(
        "{}: {}{target}, {} instructions{left_out}{}",
        program.name,
        program.section,
        program.insns.len() / 8,
        pin(program.pin)
    )
}

fn pin(name: Option<&str>) -> String {
    name.map(|name| format!(", pinned as {name}")).unwrap_or_default()
}
