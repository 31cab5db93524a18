//! Data sections are maps, with what the source puts in them, made as libbpf makes them.

#![allow(missing_docs, reason = "each object has its description in the BPF source")]

pub(crate) mod arena;

use preload_macros::bpf_preload;
use preload_runtime::Skeleton;
use serde_json::Value;

use crate::harness::{Outcome, Test, ensure, equal};
use crate::witness::{Bpffs, cat, number, show};

#[bpf_preload("../../bpf/data/sections.bpf.o")]
mod sections {}

pub(crate) const TESTS: &[Test] = &[
    Test { name: "data::every_section_holds_what_the_source_says", needs: &[], run: contents },
    Test { name: "data::sections_are_made_as_libbpf_makes_them", needs: &[], run: properties },
    Test { name: "data::constants_are_bound_to_all_programs", needs: &[], run: metadata },
];

fn shown(kind: &str, id: u32) -> Result<Value, libtest_mimic::Failed> {
    show(&[kind.as_ref(), "show".as_ref(), "id".as_ref(), id.to_string().as_ref()])
}

fn contents() -> Outcome {
    let bpffs = Bpffs::mount()?;
    sections::Skel::preload(bpffs.path())?;
    let program = bpffs.join("sections/show");
    equal(cat(&program)?.as_str(), "11 10 3\n14 10 6\n17 1\n8 9 a string\n", "what a program sees")?;
    equal(cat(&program)?.as_str(), "21 20 3\n24 20 6\n27 2\n8 9 a string\n", "what it sees later")
}

fn properties() -> Outcome {
    const RDONLY_PROG: u32 = 1 << 7;
    const MMAPABLE: u32 = 1 << 10;
    let skel = sections::Skel::open().load()?;
    let maps = &skel.maps;
    for (map, kernel_name, bytes, flags) in [
        (&*maps.rodata, "sections.rodata", 53, RDONLY_PROG | MMAPABLE),
        (&*maps.data, "sections.data", 4, MMAPABLE),
        (&*maps.bss, "sections.bss", 4, MMAPABLE),
        (&*maps.data_named, ".data.named", 4, MMAPABLE),
        (&*maps.bss_named, ".bss.named", 4, MMAPABLE),
        (&*maps.rodata_named, ".rodata.named", 4, RDONLY_PROG | MMAPABLE),
        // No variable of these can be named by anyone else: nobody could make use of a mapping.
        (&maps.data_private, ".data.private", 4, 0),
        (&maps.rodata_str1_1, ".rodata.str1.1", 9, RDONLY_PROG),
        (&maps.rodata_cst16, ".rodata.cst16", 16, RDONLY_PROG),
        (&*maps.bss_large, ".bss.large", 100_000, MMAPABLE),
    ] {
        let shown = shown("map", map.id()?)?;
        equal(shown.get("name").and_then(Value::as_str), Some(kernel_name), "the name")?;
        equal(number(&shown, "bytes_value")?, bytes, kernel_name)?;
        equal(number(&shown, "flags")?, flags, kernel_name)?;
        let frozen = shown.get("frozen").and_then(Value::as_u64) == Some(1);
        equal(frozen, map.name().starts_with(".rodata"), kernel_name)?;
    }
    equal(skel.maps().count(), 11, "all of them")
}

/// Also to those that refer to none; `bpftool` shows what it finds there.
fn metadata() -> Outcome {
    let skel = sections::Skel::open().load()?;
    let constants = skel.maps().filter(|map| map.name().starts_with(".rodata"));
    let constants = constants.map(preload_runtime::Map::id).collect::<Result<Vec<_>, _>>()?;
    equal(constants.len(), 5, "sections of constants")?;
    for program in skel.programs() {
        let shown = shown("prog", program.id()?)?;
        let maps = shown.get("map_ids").and_then(Value::as_array).ok_or("the program has no maps")?;
        for id in &constants {
            ensure(maps.iter().any(|map| map.as_u64() == Some(u64::from(*id))), || {
                format!("{} does not have map {id}: {shown}", program.name())
            })?;
        }
    }
    let shown = shown("prog", skel.progs.nothing.id()?)?;
    let metadata = shown.get("metadata").ok_or_else(|| format!("no metadata in {shown}"))?;
    equal(metadata.get("author").and_then(Value::as_str), Some("nobody"), "the author")
}
