//! Objects of every compiler, instruction set and linker that people use: the same source does the same.

#![allow(missing_docs, reason = "each has its description in the BPF source")]

use preload_macros::bpf_preload;
use preload_runtime::{Error, Skeleton};

use crate::harness::{Need, Outcome, Test, equal};
use crate::witness::{Bpffs, cat};

pub(crate) const TESTS: &[Test] = &[
    Test { name: "producers::compilers", needs: &[Need::Kernel(5, 17)], run: compilers },
    Test { name: "producers::instruction_sets", needs: &[Need::Kernel(5, 17)], run: instruction_sets },
    Test { name: "producers::instruction_set_v4", needs: &[Need::Kernel(6, 6)], run: instruction_set_v4 },
    Test { name: "producers::dwarf_is_left_aside", needs: &[Need::Kernel(5, 17)], run: dwarf },
    Test { name: "producers::without_debug_information", needs: &[], run: without_debug },
    Test { name: "producers::several_files", needs: &[], run: several_files },
];

#[bpf_preload("../../bpf/producers/clang14.bpf.o")]
mod clang14 {}
#[bpf_preload("../../bpf/producers/clang16.bpf.o")]
mod clang16 {}
#[bpf_preload("../../bpf/producers/clang19.bpf.o")]
mod clang19 {}
#[bpf_preload("../../bpf/producers/clang22.bpf.o")]
mod clang22 {}
#[bpf_preload("../../bpf/producers/cpu_v1.bpf.o")]
mod cpu_v1 {}
#[bpf_preload("../../bpf/producers/cpu_v2.bpf.o")]
mod cpu_v2 {}
#[bpf_preload("../../bpf/producers/cpu_v4.bpf.o")]
mod cpu_v4 {}
#[bpf_preload("../../bpf/producers/cpu_v4_clang22.bpf.o")]
mod cpu_v4_clang22 {}
#[bpf_preload("../../bpf/producers/with_dwarf.bpf.o")]
mod with_dwarf {}
#[bpf_preload("../../bpf/producers/without_debug.bpf.o")]
mod without_debug {}
#[bpf_preload("../../bpf/producers/two_files.bpf.o")]
mod two_files {}

/// Loads and attaches an object, and reads its iterators twice, in turn: their lines.
macro_rules! read_twice {
    ($object:ident) => {{
        let mut skel = $object::Skel::open().load()?;
        assert!(skel.attach()?.is_empty(), "every program has its target");
        lines(&skel)?
    }};
}

fn lines(skel: &impl Skeleton) -> Result<Vec<String>, libtest_mimic::Failed> {
    let bpffs = Bpffs::mount()?;
    let pins = skel.links().map(|link| Ok(bpffs.join(link.name()))).collect::<Result<Vec<_>, Error>>()?;
    for (link, pin) in skel.links().zip(&pins) {
        link.pin(pin.as_path())?;
    }
    let mut lines = Vec::new();
    for _ in 0..2 {
        for pin in &pins {
            lines.extend(cat(pin)?.lines().map(str::to_owned));
        }
    }
    Ok(lines)
}

/// What the source says, worked out by hand.
fn expected() -> Vec<String> {
    // `>> 3` rounds down, also below zero.
    let filled: i64 = (0..4).map(|cell| (-300 * cell) >> 3).sum();
    let signed: i64 = (1..4)
        .map(|i| -300 * i)
        .map(|value: i64| i64::from(value as i8) + i64::from((value << 1) as i16))
        .sum();
    let swapped = 0x1234_5678_9abc_def0_u64.swap_bytes();
    (1..3).map(|runs| format!("sum {} swapped {swapped:x} kind -1 runs {runs}", filled + signed)).collect()
}

fn compilers() -> Outcome {
    equal(read_twice!(clang14), expected(), "clang 14")?;
    equal(read_twice!(clang16), expected(), "clang 16")?;
    equal(read_twice!(clang19), expected(), "clang 19")?;
    equal(read_twice!(clang22), expected(), "clang 22")
}

fn instruction_sets() -> Outcome {
    equal(read_twice!(cpu_v1), expected(), "-mcpu=v1")?;
    equal(read_twice!(cpu_v2), expected(), "-mcpu=v2")?;
    equal(read_twice!(clang19), expected(), "-mcpu=v3")
}

fn instruction_set_v4() -> Outcome {
    equal(read_twice!(cpu_v4), expected(), "-mcpu=v4")?;
    equal(read_twice!(cpu_v4_clang22), expected(), "-mcpu=v4 of clang 22")
}

fn dwarf() -> Outcome {
    equal(read_twice!(with_dwarf), expected(), "an object that is not stripped")
}

fn without_debug() -> Outcome {
    let expected = ["twice 84", "twice 85"].map(str::to_owned).to_vec();
    equal(read_twice!(without_debug), expected, "an object compiled without -g")
}

/// The order is that of the programs: the first file's, then the other's.
fn several_files() -> Outcome {
    let expected = [
        "counter 108 chosen 2 only 3 other 800 hidden 148 shared 0",
        "counter 108 chosen 2",
        "counter 210 chosen 2 only 3 other 799 hidden 250 shared 55",
        "counter 210 chosen 2",
    ];
    equal(read_twice!(two_files), expected.map(str::to_owned).to_vec(), "an object of two files")
}
