//! A preloader of several objects as its user runs it: what it prints, its exit codes, what it leaves.

use std::fs;
use std::process::{Command, Output};

use libtest_mimic::Failed;
use serde_json::Value;

use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::witness::{Bpffs, built, cat};

/// The objects have CO-RE relocations.
const CO_RE: &[Need] = &[Need::Kernel(5, 17)];

pub(crate) const TESTS: &[Test] = &[
    Test { name: "preloader::preloads_and_unpins_all", needs: CO_RE, run: preloads_and_unpins_all },
    Test { name: "preloader::takes_what_is_listed", needs: CO_RE, run: takes_what_is_listed },
    Test { name: "preloader::takes_the_list_of_the_kernel", needs: CO_RE, run: takes_the_list_of_the_kernel },
    Test { name: "preloader::refuses_unknown_names", needs: &[], run: refuses_unknown_names },
    Test { name: "preloader::tells_what_is_there", needs: CO_RE, run: tells_what_is_there },
    Test { name: "preloader::stops_or_goes_on_after_a_failure", needs: CO_RE, run: stops_or_goes_on },
    Test { name: "preloader::mounts_where_it_is_told_to", needs: CO_RE, run: mounts },
];

fn preloader(bpffs: &Bpffs, arguments: &[&str]) -> Result<Output, Failed> {
    Ok(Command::new(built("preloader")?).arg("--bpffs").arg(bpffs.path()).args(arguments).output()?)
}

/// The exit code, and each object with what has become of it.
fn report(bpffs: &Bpffs, arguments: &[&str]) -> Result<(i32, Vec<(String, String)>), Failed> {
    let output = preloader(bpffs, &[&["--json"], arguments].concat())?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
    let code = output.status.code().ok_or("it was killed")?;
    equal(report["exit"].as_i64(), Some(code.into()), "the exit code in the report")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let objects = report["objects"].as_array().ok_or("no objects")?;
    Ok((code, objects.iter().map(|object| (text(&object["object"]), text(&object["result"]))).collect()))
}

fn outcomes(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, result)| ((*name).to_owned(), (*result).to_owned())).collect()
}

fn preloads_and_unpins_all() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let output = preloader(&bpffs, &[])?;
    let said = String::from_utf8(output.stdout)?;
    equal(output.status.code(), Some(0), "the exit code")?;
    for name in ["iterators", "ringbuf"] {
        let line = format!("{name}: preloaded in {}", bpffs.join(name).display());
        ensure(said.contains(&line), || format!("`{line}` is not in {said}"))?;
    }
    ensure(cat(bpffs.join("iterators/dump_bpf_map"))?.contains("ringbuf"), || "no map ringbuf".into())?;

    let again = report(&bpffs, &["--existing", "keep"])?;
    equal(again, (0, outcomes(&[("iterators", "kept"), ("ringbuf", "kept")])), "a second run")?;
    let replaced = report(&bpffs, &["--existing", "replace", "--carry-maps"])?;
    equal(replaced, (0, outcomes(&[("iterators", "replaced"), ("ringbuf", "replaced")])), "a third run")?;

    equal(report(&bpffs, &["unpin"])?.0, 0, "the exit code of unpin")?;
    equal(bpffs.list("")?, Vec::new(), "what is left")
}

fn takes_what_is_listed() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let listed = report(&bpffs, &["--list", "ringbuf,,ringbuf"])?;
    equal(listed, (0, outcomes(&[("ringbuf", "preloaded")])), "empty and repeated names")?;
    equal(bpffs.list("")?, vec!["ringbuf".to_owned()], "what is pinned")?;
    // What is not there is no error, unless it was named.
    let named = report(&bpffs, &["unpin", "--list", "iterators"])?;
    equal(named, (1, outcomes(&[("iterators", "failed")])), "what was named and is not there")?;
    let all = report(&bpffs, &["unpin"])?;
    equal(all, (0, outcomes(&[("iterators", "absent"), ("ringbuf", "unpinned")])), "all that there is")?;
    let ordered = report(&bpffs, &["--list", "ringbuf,iterators"])?;
    equal(ordered, (0, outcomes(&[("ringbuf", "preloaded"), ("iterators", "preloaded")])), "the order")?;
    equal(report(&bpffs, &["--list", ""])?, (0, Vec::new()), "an empty list")
}

/// A kernel with another command line, as the process sees it.
fn takes_the_list_of_the_kernel() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let words = tempfile::NamedTempFile::new()?;
    let with = |list: &str, arguments: &[&str]| -> Result<Output, Failed> {
        fs::write(words.path(), format!("quiet bpf_preload_list={list} panic=-1\n"))?;
        Ok(Command::new("unshare")
            .args(["-m", "sh", "-c", "mount --bind \"$0\" /proc/cmdline && exec \"$@\""])
            .arg(words.path())
            .arg(built("preloader")?)
            .arg("--bpffs")
            .arg(bpffs.path())
            .args(arguments)
            .output()?)
    };
    let unknown = with("ringbuf,guard", &[])?;
    equal(unknown.status.code(), Some(2), "the exit code for an unknown name")?;
    let said = String::from_utf8(unknown.stderr)?;
    ensure(said.contains("no object `guard` (in bpf_preload_list=)"), || said.clone())?;
    equal(bpffs.list("")?, Vec::new(), "what is pinned in spite of it")?;

    equal(with("ringbuf", &[])?.status.code(), Some(0), "the exit code")?;
    equal(bpffs.list("")?, vec!["ringbuf".to_owned()], "what the kernel's list gives")?;
    equal(with("ringbuf", &["--list", "iterators"])?.status.code(), Some(0), "the exit code")?;
    equal(bpffs.list("")?.len(), 2, "objects, where the program's own list counts")?;
    // The list is for preloading: nothing is left because of it.
    equal(with("ringbuf", &["unpin"])?.status.code(), Some(0), "the exit code")?;
    equal(bpffs.list("")?, Vec::new(), "what is left")
}

fn refuses_unknown_names() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let output = preloader(&bpffs, &["--list", "iterators,guard"])?;
    equal(output.status.code(), Some(2), "the exit code")?;
    let said = String::from_utf8(output.stderr)?;
    ensure(said.contains("no object `guard`") && said.contains("there are: iterators, ringbuf"), || {
        said.clone()
    })?;
    equal(bpffs.list("")?, Vec::new(), "what is pinned")
}

fn tells_what_is_there() -> Outcome {
    let bpffs = Bpffs::mount()?;
    equal(report(&bpffs, &["--list", "ringbuf"])?.0, 0, "the exit code of preload")?;
    let half = report(&bpffs, &["status"])?;
    equal(half, (4, outcomes(&[("iterators", "differs"), ("ringbuf", "as compiled")])), "one of two")?;
    equal(report(&bpffs, &["status", "--list", "ringbuf"])?.0, 0, "the exit code for the one")?;
    let said = String::from_utf8(preloader(&bpffs, &["status", "--list", "ringbuf"])?.stdout)?;
    ensure(said.contains("preloaded, all of it") && said.contains("iterator bpf_map"), || said.clone())?;
    fs::remove_file(bpffs.join("ringbuf/dump_bpf_map"))?;
    let damaged = report(&bpffs, &["status", "--list", "ringbuf"])?;
    equal(damaged, (4, outcomes(&[("ringbuf", "differs")])), "with a pin removed")
}

fn stops_or_goes_on() -> Outcome {
    let bpffs = Bpffs::mount()?;
    // In the way of the first object.
    fs::create_dir(bpffs.join("iterators"))?;
    let stopped = report(&bpffs, &[])?;
    equal(stopped, (1, outcomes(&[("iterators", "failed"), ("ringbuf", "not tried")])), "stopping")?;
    equal(bpffs.list("")?, vec!["iterators".to_owned()], "what is there")?;
    let went_on = report(&bpffs, &["--keep-going"])?;
    equal(went_on, (3, outcomes(&[("iterators", "failed"), ("ringbuf", "preloaded")])), "going on")?;
    equal(bpffs.list("")?.len(), 2, "directories")
}

fn mounts() -> Outcome {
    let directory = tempfile::Builder::new().prefix("preloader").tempdir()?;
    let path = directory.path().to_str().ok_or("not UTF-8")?;
    let run = |arguments: &[&str]| -> Result<Output, Failed> {
        // The mount goes with the namespace.
        Ok(Command::new("unshare")
            .args(["-m", "sh", "-c", "\"$@\" && ls \"$0\"", path])
            .arg(built("preloader")?)
            .args(["--list", "ringbuf", "--bpffs", path])
            .args(arguments)
            .output()?)
    };
    let refused = run(&[])?;
    equal(refused.status.code(), Some(1), "the exit code outside a bpffs")?;
    let said = String::from_utf8(refused.stderr)?;
    ensure(said.contains("not in a bpffs"), || said.clone())?;
    let mounted = run(&["--mount"])?;
    let said = String::from_utf8(mounted.stdout)?;
    equal(mounted.status.code(), Some(0), "the exit code")?;
    ensure(said.lines().any(|line| line == "ringbuf"), || format!("not mounted: {said}"))
}
