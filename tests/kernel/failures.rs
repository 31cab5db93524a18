//! What fails says why, and leaves nothing.

use std::collections::BTreeSet;
use std::fs;

use libtest_mimic::Failed;
use preload_runtime::{Errno, Error, ErrorKind, Step, bpffs};

use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::objects::{iterators, missing_target, rejected, ringbuf};
use crate::witness::{Bpffs, bpftool};

const CO_RE: &[Need] = &[Need::Kernel(5, 17)];

pub(crate) const TESTS: &[Test] = &[
    Test { name: "failures::the_verifier_is_quoted", needs: &[], run: the_verifier_is_quoted },
    Test { name: "failures::a_missing_target_is_named", needs: &[], run: a_missing_target_is_named },
    Test { name: "failures::a_place_that_is_no_bpffs", needs: &[], run: no_bpffs },
    Test { name: "failures::a_directory_that_is_there", needs: CO_RE, run: directory_is_there },
    Test { name: "failures::a_pin_that_cannot_be_made", needs: CO_RE, run: pin_cannot_be_made },
];

fn refused<T>(result: Result<T, Error>) -> Result<Error, Failed> {
    result.err().ok_or_else(|| "it went well".into())
}

fn says(error: &Error, parts: &[&str]) -> Outcome {
    let text = error.to_string();
    parts.iter().try_for_each(|part| ensure(text.contains(part), || format!("`{part}` is not in: {text}")))
}

fn the_verifier_is_quoted() -> Outcome {
    let error = refused(rejected::Skel::open().load())?;
    equal(error.step(), Step::LoadProgram, "the step")?;
    equal(error.errno(), Some(Errno::EACCES), "the error number")?;
    equal(error.item(), Some("unchecked"), "the program")?;
    // The log quotes the C source, which shows that line information arrived.
    says(&error, &["rejected: loading program `unchecked`", "BPF_PROG_LOAD", "return *value;"])?;
    let programs = bpftool("prog")?;
    let left = programs.values().any(|program| program.get("name").is_some_and(|name| name == "in_order"));
    ensure(!left, || "the program before it is still loaded".into())
}

fn a_missing_target_is_named() -> Outcome {
    let error = refused(missing_target::Skel::open().load())?;
    equal(error.step(), Step::FindTarget, "the step")?;
    says(&error, &["`nowhere`", "`bpf_iter_nothing_that_exists` is not in the kernel's type information"])
}

fn no_bpffs() -> Outcome {
    let directory = tempfile::tempdir()?;
    equal(bpffs::is_bpffs(directory.path())?, false, "a plain directory")?;
    let error = refused(iterators::preload(directory.path()))?;
    equal(error.kind(), ErrorKind::NotBpffs, "the error")?;
    says(&error, &["not in a bpffs", "mount -t bpf bpf"])?;
    ensure(iterators::SKEL.get().is_none(), || "a failed preload keeps a skeleton".into())?;
    let error = refused(iterators::unpin(directory.path()))?;
    equal(error.kind(), ErrorKind::NotBpffs, "unpinning where there is no bpffs")?;
    fs::create_dir(directory.path().join("iterators"))?;
    fs::write(directory.path().join("iterators/dump_bpf_map"), "not a pin")?;
    let error = refused(iterators::unpin(directory.path()))?;
    equal(error.kind(), ErrorKind::NotBpffs, "unpinning a file that is no pin")?;
    ensure(directory.path().join("iterators/dump_bpf_map").exists(), || "a file was removed".into())?;
    let error = refused(bpffs::mount(directory.path().join("missing")))?;
    equal(error.errno(), Some(Errno::ENOENT), "mounting at nothing")
}

fn ids(kind: &str, name: &str) -> Result<BTreeSet<u32>, Failed> {
    let named = |entry: &serde_json::Value| entry.get("name").is_some_and(|found| found == name);
    Ok(bpftool(kind)?.into_iter().filter(|(_, entry)| named(entry)).map(|(id, _)| id).collect())
}

fn directory_is_there() -> Outcome {
    let bpffs = Bpffs::mount()?;
    iterators::Skel::preload(bpffs.path())?;
    let error = refused(iterators::Skel::preload(bpffs.path()))?;
    equal(error.kind(), ErrorKind::AlreadyPinned, "a second preload")?;
    says(&error, &["iterators: preloading at", "pinned there already", "unpin it first"])?;
    equal(bpffs.list("")?, vec!["iterators".to_owned()], "what is there")?;
    equal(bpffs.list("iterators")?.len(), 2, "pins of the first preload")?;

    fs::create_dir(bpffs.join("iterators/foreign"))?;
    let error = refused(iterators::unpin(bpffs.path()))?;
    equal(error.kind(), ErrorKind::Foreign, "something of someone else's in the directory")?;
    says(&error, &["iterators/foreign: this was not made by a preload"])?;
    equal(bpffs.list("iterators")?.len(), 3, "all of it is still there")
}

fn pin_cannot_be_made() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let mut skel = ringbuf::Skel::open().load()?;
    let error = refused(skel.pin_dump_bpf_map(bpffs.join("early")))?;
    equal(error.kind(), ErrorKind::NotAttached, "pinning before attaching")?;
    let _ = skel.attach()?;
    let error = refused(skel.pin_dump_bpf_map(bpffs.join("with.dot")))?;
    says(&error, &["`dump_bpf_map`", "with.dot", "may have no dot"])?;
    let error = refused(skel.pin(bpffs.join("missing/directory")))?;
    equal(error.errno(), Some(Errno::ENOENT), "a directory in a missing one")?;
    let error = refused(skel.pin_dump_bpf_map(""))?;
    equal(error.kind(), ErrorKind::InvalidPath, "no path")?;
    equal(bpffs.list("")?, Vec::new(), "what is left")?;
    let own = skel.progs.dump_bpf_map.id()?;
    ensure(ids("prog", "dump_bpf_map")?.contains(&own), || "the program is gone".into())
}
