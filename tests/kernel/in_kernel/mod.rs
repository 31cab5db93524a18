//! Loading from inside the kernel: what comes of it is what comes of loading directly.

mod objects;
mod same;
mod signed;

use std::collections::BTreeSet;

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::{Error, ErrorKind, Link, Skeleton, Step};

use crate::child::Role;
use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::witness::{Bpffs, bpftool, run, variables};
use objects::{left_out, many, maps, plain, sections, tail_calls};

#[bpf_preload("../../bpf/rejected.bpf.o", in_kernel)]
mod rejected {}

#[bpf_preload("../../bpf/missing_target.bpf.o", in_kernel)]
mod missing_target {}

#[bpf_preload("../../bpf/core/missing.bpf.o", in_kernel)]
mod missing_field {}

/// It runs since 5.14, with what most of the objects hold since 5.17.
const NEEDS: &[Need] = &[Need::Kernel(5, 17)];

const TESTS: &[Test] = &[
    Test { name: "in_kernel::choices_arrive", needs: NEEDS, run: choices_arrive },
    Test { name: "in_kernel::programs_left_out", needs: NEEDS, run: left_out },
    Test { name: "in_kernel::attached_and_pinned", needs: NEEDS, run: attached_and_pinned },
    Test { name: "in_kernel::refusals_are_the_same", needs: NEEDS, run: refusals },
    Test { name: "in_kernel::maps_that_are_there", needs: NEEDS, run: maps_that_are_there },
    Test { name: "in_kernel::leaves_no_descriptor", needs: NEEDS, run: leaves_no_descriptor },
];

pub(crate) fn tests() -> Vec<Test> {
    [TESTS, objects::SAME, signed::TESTS].concat()
}

fn choices_arrive() -> Outcome {
    let mut open = sections::Skel::open();
    open.rodata.constant = 1003;
    open.data.number = 1001;
    // One that starts as zero.
    open.bss.zero = 1002;
    let skel = open.load_in_kernel()?;
    equal(variables(skel.maps.rodata.id()?)?.get("constant"), Some(&1003), "a constant")?;
    equal(variables(skel.maps.data.id()?)?.get("number"), Some(&1001), "a variable")?;
    equal(variables(skel.maps.bss.id()?)?.get("zero"), Some(&1002), "a variable that was zero")?;

    let mut open = many::Skel::open();
    open.maps.many_table.set_max_entries(77);
    let skel = open.load_in_kernel()?;
    equal(skel.maps.many_table.info()?.max_entries, 77, "the number of entries")
}

fn left_out() -> Outcome {
    let loaded = |skel: &left_out::Skel| -> Vec<&'static str> {
        let names = [
            ("always", skel.progs.always.id().is_ok()),
            ("on_demand", skel.progs.on_demand.id().is_ok()),
            ("nowhere", skel.progs.nowhere.id().is_ok()),
        ];
        names.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
    };
    equal(loaded(&left_out::Skel::open().load_in_kernel()?), vec!["always"], "by default")?;
    let mut open = left_out::Skel::open();
    open.progs.always.set_autoload(false);
    open.progs.on_demand.set_autoload(true);
    // No kernel has its target.
    open.progs.nowhere.set_autoload(true).set_optional(true);
    equal(loaded(&open.clone().load_in_kernel()?), vec!["on_demand"], "by choice")?;
    open.progs.nowhere.set_optional(false);
    let error = open.load_in_kernel().err().ok_or("a target that no kernel has was found")?;
    equal(error.step(), Step::FindTarget, "the step")?;
    equal(error.item(), Some("nowhere"), "the program")
}

fn attached_and_pinned() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let mut skel = plain::Skel::open().load_in_kernel()?;
    ensure(skel.attach()?.is_empty(), || "something is left".into())?;
    skel.pin(bpffs.join("plain"))?;
    let links = skel.links().map(Link::id).collect::<Result<Vec<_>, _>>()?;
    drop(skel);
    let there = bpftool("link")?;
    ensure(!links.is_empty() && links.iter().all(|id| there.contains_key(id)), || {
        "a pinned link is gone".into()
    })?;
    plain::unpin(bpffs.path()).or_else(|error| match error.kind() {
        // It was not a preload that has pinned them.
        ErrorKind::Foreign => Ok(()),
        _ => Err(error),
    })?;
    Ok(())
}

/// The same error, whichever way.
fn refused<S: std::fmt::Debug>(
    directly: Result<S, Error>,
    in_kernel: Result<S, Error>,
) -> Result<Error, Failed> {
    let directly = directly.err().ok_or("it was loaded")?;
    let in_kernel = in_kernel.err().ok_or("it was loaded from inside the kernel")?;
    let facts = |error: &Error| {
        (error.step(), error.kind(), error.item(), error.call(), error.verifier_log().is_some())
    };
    equal(facts(&in_kernel), facts(&directly), "the error")?;
    Ok(in_kernel)
}

fn refusals() -> Outcome {
    let error = refused(rejected::Skel::open().load(), rejected::Skel::open().load_in_kernel())?;
    let text = error.to_string();
    for part in ["rejected: loading program `unchecked`", "BPF_PROG_LOAD", "return *value;"] {
        ensure(text.contains(part), || format!("`{part}` is not in: {text}"))?;
    }
    refused(missing_target::Skel::open().load(), missing_target::Skel::open().load_in_kernel())?;
    let open = || {
        let mut open = missing_field::Skel::open();
        open.progs.reads_a_field.set_autoload(true);
        open
    };
    let error = refused(open().load(), open().load_in_kernel())?;
    ensure(matches!(error.kind(), ErrorKind::Unresolved(_)), || error.to_string())?;

    let (mut directly, mut in_kernel) = (maps::Skel::open(), maps::Skel::open());
    directly.maps.hash.set_max_entries(0);
    in_kernel.maps.hash.set_max_entries(0);
    let error = refused(directly.load(), in_kernel.load_in_kernel())?;
    equal(error.item(), Some("hash"), "the map")
}

fn maps_that_are_there() -> Outcome {
    let other = tail_calls::Skel::open().load()?;
    let mut open = tail_calls::Skel::open();
    open.maps.calls.reuse(other.maps.calls.fd().duplicate()?);
    let error = open.load_in_kernel().err().ok_or("a map was reused inside the kernel")?;
    equal(error.step(), Step::CreateMap, "the step")?;
    ensure(error.to_string().contains("use `load`"), || error.to_string())
}

fn leaves_no_descriptor() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let output = run(&mut Role::InKernel.command(&[], &bpffs)?)?;
    let text = String::from_utf8(output.stdout)?;
    let counts: BTreeSet<&str> = text.lines().collect();
    equal(counts.len(), 1, &text)
}

/// The process's part: with standard input, output and error closed, loads many times, also what is refused; prints how many
/// descriptors there are each time, and that none is where those belong.
pub(crate) fn rounds() -> Outcome {
    let output = rustix::io::fcntl_dupfd_cloexec(std::io::stdout(), 10)?;
    for standard in 0..3 {
        nix::unistd::close(standard)?;
    }
    let descriptors = || -> Result<Vec<i32>, Failed> {
        let entries = std::fs::read_dir("/proc/self/fd")?;
        Ok(entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect())
    };
    let mut counts = String::new();
    for _ in 0..20 {
        let skel = many::Skel::open().load_in_kernel()?;
        // Reading a directory takes one, which is where standard input was.
        ensure(descriptors()?.iter().filter(|fd| **fd < 3).count() <= 1, || {
            "a descriptor is where a standard stream belongs".into()
        })?;
        drop(skel);
        ensure(rejected::Skel::open().load_in_kernel().is_err(), || "it was loaded".into())?;
        counts += &format!("{}\n", descriptors()?.len());
    }
    rustix::io::write(output, counts.as_bytes())?;
    Ok(())
}
