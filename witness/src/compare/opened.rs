//! What both read in the file, before the kernel is asked.

use preload_object::Plan;

use super::{equal, named};
use crate::libbpf::{Map, Object};

pub(super) fn compare(plan: &Plan, theirs: &Object) -> Result<(), String> {
    let (their_maps, their_programs) = (theirs.maps(), theirs.programs());
    let names = |maps: &[Map]| maps.iter().map(|map| map.name.clone()).collect::<Vec<_>>();
    if plan.maps.len() != their_maps.len() {
        let ours: Vec<_> = plan.maps.iter().map(|map| map.map.name.clone()).collect();
        return equal("maps", &ours, &names(&their_maps));
    }
    for (ours, theirs) in plan.maps.iter().zip(&their_maps) {
        let name = &ours.map.name;
        let map = &ours.map;
        let data = map.data.as_ref();
        let size = map.value_size as usize;
        let contents = data.map(|data| data.contents.clone().unwrap_or_else(|| vec![0; size]));
        let ours = Map {
            // libbpf puts the name of the object in front of that of a section; the kernel's names are compared later.
            name: if data.is_some() { theirs.name.clone() } else { name.clone() },
            map_type: map.map_type,
            key_size: map.key_size,
            value_size: map.value_size,
            max_entries: rounded(map.map_type, map.max_entries),
            flags: map.flags,
            numa_node: map.numa_node.unwrap_or_default(),
            map_extra: map.map_extra,
            contents,
            ..theirs.clone()
        };
        equal(&format!("map `{name}`"), &ours, theirs)?;
    }

    equal("number of programs", &plan.programs.len(), &their_programs.len())?;
    for ours in &plan.programs {
        let theirs = named(&their_programs, &ours.name)?;
        // libbpf sets that of USDT programs when it loads, once it knows what the kernel has.
        let attach_type = if ours.section.starts_with("usdt") { 0 } else { ours.attach_type };
        equal(
            &format!("program `{}`: type, attach type, autoload", ours.name),
            &(ours.program_type, attach_type, ours.autoload),
            &(theirs.program_type, theirs.attach_type, theirs.autoload),
        )?;
    }
    Ok(())
}

/// libbpf rounds the size of a ring buffer when it reads it; here that is left to the machine that runs it.
fn rounded(map_type: u32, max_entries: u32) -> u32 {
    const RING_BUFFERS: [u32; 2] = [27, 31];
    if RING_BUFFERS.contains(&map_type) {
        let page = u32::try_from(rustix::param::page_size()).unwrap_or(u32::MAX);
        return max_entries.max(page).checked_next_power_of_two().unwrap_or(max_entries);
    }
    max_entries
}
