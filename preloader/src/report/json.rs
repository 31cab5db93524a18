//! A report for programs: one line.

use preload_runtime::plan::Plan;
use preload_runtime::{Errno, Error, Status};
use serde_json::{Value, json};

use super::{Outcome, Report};

pub(super) fn report(report: &Report) -> Value {
    let objects: Vec<Value> = report
        .objects
        .iter()
        .map(|(object, outcome)| {
            let mut value = json!({ "object": object.name(), "result": outcome.word() });
            match outcome {
                Outcome::Planned => value["plan"] = plan(object.plan()),
                Outcome::Shown(status) => value["status"] = self::status(status),
                Outcome::Failed(error) => value["error"] = self::error(error),
                _ => {}
            }
            value
        })
        .collect();
    json!({
        "command": report.verb.name(),
        "bpffs": report.bpffs.to_string_lossy(),
        "objects": objects,
        "error": report.refused,
        "exit": report.code(),
    })
}

fn error(error: &Error) -> Value {
    json!({
        "message": error.to_string(),
        "item": error.item(),
        "call": error.call(),
        "errno": error.errno().map(Errno::number),
        "path": error.path().map(String::from_utf8_lossy),
    })
}

fn status(status: &Status) -> Value {
    json!({
        "state": format!("{:?}", status.state()).to_lowercase(),
        "matches": status.matches().map(|matches| format!("{matches:?}")),
        "plan": status.plan_digest().map(|digest| format!("{digest:032x}")),
        "settings": status.settings_digest().map(|digest| format!("{digest:016x}")),
    })
}

fn plan(plan: &Plan) -> Value {
    let maps: Vec<Value> = plan
        .maps
        .iter()
        .map(|map| {
            json!({
                "name": map.name,
                "type": map.map_type,
                "key_size": map.key_size,
                "value_size": map.value_size,
                "max_entries": map.max_entries,
                "flags": map.flags,
                "pin": map.pin,
            })
        })
        .collect();
    let programs: Vec<Value> = plan
        .programs
        .iter()
        .map(|program| {
            json!({
                "name": program.name,
                "section": program.section,
                "target": program.target,
                "type": program.program_type,
                "attach_type": program.attach_type,
                "instructions": program.insns.len() / 8,
                "autoload": program.autoload,
                "pin": program.pin,
            })
        })
        .collect();
    json!({
        "license": plan.license.to_string_lossy(),
        "directory": plan.directory,
        "digest": format!("{:032x}", plan.digest),
        "maps": maps,
        "programs": programs,
    })
}
