//! What an iterator goes through, where its kind can be told: a map, cgroups, tasks.

use super::place::{CgroupOrder, MAP, Place, Reader};

const ORDER: &str = "order = \"descendants_pre\"";

/// What an iterator can be told.
enum Parameter {
    Map,
    Cgroup,
    Task,
}

fn parameter(target: Option<&str>) -> Option<Parameter> {
    Some(match target? {
        "bpf_map_elem" | "bpf_sk_storage_map" | "sockmap" => Parameter::Map,
        "cgroup" => Parameter::Cgroup,
        "task" | "task_file" | "task_vma" => Parameter::Task,
        _ => return None,
    })
}

/// What the iterator of this name must be told, as examples, and what it may be.
pub(super) fn settings(target: Option<&str>) -> (&'static [&'static str], &'static [&'static str]) {
    match parameter(target) {
        Some(Parameter::Map) => (&[MAP], &[]),
        Some(Parameter::Cgroup) => (&[ORDER], &["cgroup"]),
        Some(Parameter::Task) => (&[], &["tid", "pid"]),
        None => (&[], &[]),
    }
}

pub(super) fn read(target: Option<&str>, reader: &mut Reader<'_>, maps: &[&str]) -> Option<Place> {
    match parameter(target)? {
        Parameter::Map => {
            let map = reader.needed(MAP, |reader| reader.map(maps))?;
            Some(Place::MapIterator { map })
        }
        Parameter::Cgroup => {
            let path = reader.path("cgroup");
            let order = reader.needed(ORDER, |reader| reader.word("order", CgroupOrder::WORDS))?;
            Some(Place::CgroupIterator { path, order })
        }
        Parameter::Task => match (reader.task("tid"), reader.task("pid")) {
            (Some(thread), None) => Some(Place::ThreadIterator(thread)),
            (None, Some(process)) => Some(Place::ProcessIterator(process)),
            (Some(_), Some(_)) => {
                reader.error(None, "either `tid` or `pid` is given".to_owned());
                None
            }
            (None, None) => None,
        },
    }
}
