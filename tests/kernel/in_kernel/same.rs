//! What was loaded, as bpftool shows it, without what differs from one load to the next.

use std::collections::BTreeMap;
use std::process::Command;

use libtest_mimic::Failed;
use preload_runtime::Skeleton;
use serde_json::{Map, Value};

use crate::harness::{Outcome, equal};
use crate::witness::run;

/// What is shown of something, by the name of a field.
type Shown = Map<String, Value>;

/// Programs, maps and type information of one way are those of the other.
pub(super) fn compare(directly: &impl Skeleton, in_kernel: &impl Skeleton) -> Outcome {
    same(&look(directly)?, &look(in_kernel)?)
}

/// Links are what those of the other are.
pub(super) fn compare_links(directly: &impl Skeleton, in_kernel: &impl Skeleton) -> Outcome {
    same(&look_at_links(directly)?, &look_at_links(in_kernel)?)
}

fn same(directly: &BTreeMap<String, Shown>, in_kernel: &BTreeMap<String, Shown>) -> Outcome {
    equal(in_kernel.keys().collect::<Vec<_>>(), directly.keys().collect(), "what is there")?;
    for (name, what) in directly {
        let other = in_kernel.get(name).ok_or("it is gone")?;
        equal(other.keys().collect::<Vec<_>>(), what.keys().collect(), name)?;
        for (field, value) in what {
            equal(other.get(field), Some(value), &format!("{name}: {field}"))?;
        }
    }
    Ok(())
}

/// Maps and programs by their names.
fn look(skel: &impl Skeleton) -> Result<BTreeMap<String, Shown>, Failed> {
    let mut seen = BTreeMap::new();
    let mut names = BTreeMap::new();
    for map in skel.maps() {
        names.insert(u64::from(map.id()?), map.name());
        let mut shown = show("map", map.id()?, &["bytes_memlock"])?;
        if !map.plan().contents.is_empty() || map.name().starts_with(".bss") {
            shown.insert("contents".into(), dump("map", map.id()?)?);
        }
        seen.insert(format!("map {}", map.name()), shown);
    }
    for program in skel.programs().filter(|program| program.fd().is_some()) {
        let mut shown = show("prog", program.id()?, &["loaded_at", "bytes_memlock"])?;
        if let Some(Value::Array(ids)) = shown.get_mut("map_ids") {
            for id in ids.iter_mut() {
                *id = id.as_u64().and_then(|id| names.get(&id)).map_or(Value::Null, |name| (*name).into());
            }
        }
        shown.insert("instructions".into(), instructions(program.id()?)?);
        seen.insert(format!("program {}", program.name()), shown);
    }
    Ok(seen)
}

fn look_at_links(skel: &impl Skeleton) -> Result<BTreeMap<String, Shown>, Failed> {
    let mut seen = BTreeMap::new();
    for link in skel.links() {
        seen.insert(link.name().to_owned(), show("link", link.id()?, &["prog_id"])?);
    }
    Ok(seen)
}

/// What bpftool shows of one thing; its type information in the place of that one's id. (In a list, a map without any is shown
/// with the id of the one before it.)
fn show(kind: &str, id: u32, without: &[&str]) -> Result<Shown, Failed> {
    let output = run(Command::new("bpftool").args(["--json", kind, "show", "id", &id.to_string()]))?;
    let Value::Object(mut shown) = serde_json::from_slice(&output.stdout)? else {
        return Err("bpftool shows nothing".into());
    };
    shown.retain(|field, _| !["id", "pids"].contains(&field.as_str()) && !without.contains(&field.as_str()));
    if let Some(id) = shown.get("btf_id").and_then(Value::as_u64) {
        shown.insert("btf_id".into(), dump("btf", u32::try_from(id)?)?);
    }
    Ok(shown)
}

fn dump(kind: &str, id: u32) -> Result<Value, Failed> {
    let output = run(Command::new("bpftool").args(["--json", kind, "dump", "id", &id.to_string()]))?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The instructions as the verifier has left them, without ids, addresses and the tags of functions, which depend on them.
fn instructions(id: u32) -> Result<Value, Failed> {
    let output = run(Command::new("bpftool").args(["prog", "dump", "xlated", "id", &id.to_string()]))?;
    let text = String::from_utf8(output.stdout)?;
    let without = |line: &str, start: &str, end: char| match line.split_once(start) {
        Some((before, after)) => {
            format!("{before}{start}{}", after.find(end).map_or("", |at| &after[at..]))
        }
        None => line.to_owned(),
    };
    let lines = text.lines().map(|line| {
        let line = without(line, "map[id:", ']');
        let line = without(&line, "= 0xff", '\n');
        without(&line, "#bpf_prog_", '_')
    });
    Ok(lines.collect::<Vec<_>>().into())
}
