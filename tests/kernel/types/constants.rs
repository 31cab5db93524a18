//! Constants with values in the attribute.

#![allow(missing_docs, reason = "the object has its description in the BPF source")]

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::data::Bool;

use crate::harness::{Outcome, Test, ensure, equal};
use crate::witness::{number, show};

/// As the object is.
#[bpf_preload("../../bpf/types/constants.bpf.o")]
mod plain {}

#[bpf_preload(
    "../../bpf/types/constants.bpf.o",
    rodata(
        verbose = true, limit = 0x1_0000, offset = -9_000_000_000, letter = 'z', name = "chosen",
        ports = [80, 443, 65535], color = BLUE, sign = NEGATIVE,
    ),
    rodata_extra(extra = 11),
)]
mod chosen {}

pub(crate) const TESTS: &[Test] = &[
    Test { name: "types::constants_of_the_attribute", needs: &[], run: values },
    Test { name: "types::constants_of_the_attribute_are_seen_by_the_verifier", needs: &[], run: branches },
    Test { name: "types::constants_tell_one_plan_from_another", needs: &[], run: digests },
];

/// What bpftool shows of a variable.
fn shown(map: u32, section: &str, variable: &str) -> Result<serde_json::Value, Failed> {
    let dump = show(&["map".as_ref(), "dump".as_ref(), "id".as_ref(), map.to_string().as_ref()])?;
    let variables = &dump[0]["formatted"]["value"][section];
    let variables = variables.as_array().ok_or_else(|| format!("bpftool does not show {section}: {dump}"))?;
    let found = variables.iter().find_map(|entry| entry.get(variable)).cloned();
    found.ok_or_else(|| format!("bpftool does not show {variable}").into())
}

fn values() -> Outcome {
    let open = chosen::Skel::open();
    equal((open.rodata.verbose, open.rodata.limit), (Bool::TRUE, 0x1_0000), "values before load")?;
    equal(open.rodata.pair, chosen::types::pair { a: 1, b: 2 }, "a value of the object")?;
    let mut skel = open.load()?;
    let map = skel.maps.rodata.id()?;
    let show = |variable: &str| shown(map, ".rodata", variable);
    equal(
        (show("limit")?.as_u64(), show("offset")?.as_i64()),
        (Some(0x1_0000), Some(-9_000_000_000)),
        "integers",
    )?;
    equal(show("ports")?, serde_json::json!([80, 443, 65535]), "an array")?;
    equal(show("pair")?, serde_json::json!({"a": 1, "b": 2}), "a struct as it is in the object")?;
    equal(
        shown(skel.maps.rodata_extra.id()?, ".rodata.extra", "extra")?.as_u64(),
        Some(11),
        "a section of zeros",
    )?;
    let read = skel.maps.rodata.read()?;
    let read = read.fields();
    equal((read.letter.get(), &read.name.get()), (b'z', b"chosen\0\0\0\0\0\0\0\0\0\0"), "characters")?;
    equal(
        (read.color.get(), read.sign.get()),
        (chosen::types::color::BLUE, chosen::types::sign::NEGATIVE),
        "enums",
    )?;

    ensure(skel.attach()?.is_empty(), || "a program is left".into())?;
    let _ = rustix::process::getpid();
    let seen = skel.maps.bss.map()?.fields().seen.get();
    let numbers = 0x1_0000 - 9_000_000_000 + i64::from(b'z') + i64::from(b'c') + 443 + 6 - 3 + 1 + 11 + 3;
    // The branch adds one more.
    equal(seen as i64, numbers + 1, "what the program has seen")
}

fn translated(id: u32) -> Result<u32, Failed> {
    number(
        &show(&["prog".as_ref(), "show".as_ref(), "id".as_ref(), id.to_string().as_ref()])?,
        "bytes_xlated",
    )
}

fn branches() -> Outcome {
    let quiet = plain::Skel::open().load()?;
    let verbose = chosen::Skel::open().load()?;
    let (small, large) = (translated(quiet.progs.count.id()?)?, translated(verbose.progs.count.id()?)?);
    ensure(small < large, || format!("{small} bytes without the branch, {large} with it"))
}

fn digests() -> Outcome {
    ensure(plain::PLAN.digest != chosen::PLAN.digest, || "the digests are the same".into())?;
    equal(plain::PLAN.programs[0].insns, chosen::PLAN.programs[0].insns, "the instructions")
}
