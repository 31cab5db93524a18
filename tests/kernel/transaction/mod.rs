//! What is there already, what stays, and who may interfere.

mod in_place;
mod operations;
mod places;
mod status;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::Command;
use std::thread;

use libtest_mimic::Failed;
use preload_runtime::{Errno, Error, ErrorKind, Existing, MapField, Preload, Preloaded, Removal};
use rustix::fs::{FlockOperation, flock};

use crate::attach::placed::NETFILTER;
use crate::attach::placed::sockets::MAP_LINKS;
use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::objects::{many, plain, tracing};
use crate::struct_ops::{LINK, SCHED_EXT};
use crate::witness::{Bpffs, gone, pinned_id, run};

pub(crate) const TESTS: &[Test] = &[
    Test { name: "transaction::keeps_what_is_the_same", needs: &[], run: keeps_the_same },
    Test { name: "transaction::replaces_and_carries_maps", needs: &[], run: replaces },
    Test { name: "transaction::names_what_differs_in_a_map", needs: &[], run: incompatible_map },
    Test { name: "transaction::leaves_alone_what_is_foreign", needs: &[], run: foreign },
    Test { name: "transaction::unpins_whatever_it_is", needs: &[], run: unpin_any },
    Test { name: "transaction::one_at_a_time", needs: &[], run: one_at_a_time },
    Test { name: "transaction::access_is_as_it_was_asked_for", needs: &[], run: access },
    Test { name: "transaction::publishes_nothing_unattached", needs: &[], run: unattached },
    Test { name: "transaction::replaces_in_place", needs: &[], run: in_place::replaced },
    Test { name: "transaction::leaves_programs_of_others_in_place", needs: &[], run: in_place::not_ours },
    Test { name: "faults::replaced_in_place_under_load", needs: &[], run: in_place::under_load },
    Test { name: "transaction::replaces_in_place_on_namespaces", needs: &[], run: in_place::namespace },
    Test { name: "transaction::replaces_in_place_on_maps", needs: MAP_LINKS, run: in_place::map_of_sockets },
    Test { name: "transaction::keeps_a_netfilter_hook", needs: NETFILTER, run: in_place::netfilter_hook },
    Test { name: "transaction::leaves_operations_of_others", needs: LINK, run: operations::of_others },
    Test {
        name: "transaction::keeps_operations_without_a_link",
        needs: &[],
        run: operations::without_a_link,
    },
    Test { name: "transaction::keeps_a_scheduler", needs: SCHED_EXT, run: operations::scheduler },
    Test { name: "faults::operations_replaced_under_load", needs: LINK, run: operations::under_load },
    Test { name: "transaction::refuses_what_is_no_bpffs_first", needs: &[], run: places::no_bpffs },
    Test { name: "transaction::says_that_a_bpffs_is_read_only", needs: &[], run: places::read_only },
    Test { name: "transaction::takes_any_mount_options", needs: &[], run: places::mount_options },
    Test { name: "transaction::reaches_another_mount_namespace", needs: &[], run: places::mount_namespace },
    Test { name: "transaction::follows_no_link_into_surprises", needs: &[], run: places::symbolic_links },
    Test { name: "transaction::trusts_no_other_user", needs: &[], run: places::made_by_another_user },
    Test { name: "transaction::status_shows_a_whole_set", needs: &[], run: status::whole },
    Test {
        name: "transaction::status_says_what_differs",
        needs: &[Need::Kernel(5, 17)],
        run: status::differing,
    },
    Test { name: "transaction::status_is_that_of_one_set", needs: &[], run: status::replaced_meanwhile },
    Test { name: "transaction::status_shows_what_is_damaged", needs: &[], run: status::damaged },
];

/// The error of what should not go well.
fn refused<T>(result: Result<T, Error>) -> Result<Error, Failed> {
    result.err().ok_or_else(|| "it went well".into())
}

fn keeps_the_same() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let keep = || Preload::at(bpffs.path()).existing(Existing::Keep);
    let first = many::Skel::open().preload(keep())?;
    ensure(matches!(first, Preloaded::New(_)), || format!("{first:?}"))?;
    let link = pinned_id("link", &bpffs.join("many/many_list"))?;

    let second = many::Skel::open().preload(keep())?;
    ensure(matches!(second, Preloaded::Kept), || format!("{second:?}"))?;
    equal(pinned_id("link", &bpffs.join("many/many_list"))?, link, "the link that was there")?;

    let mut other = many::Skel::open();
    other.maps.many_table.set_max_entries(32);
    let error = refused(other.preload(keep()))?;
    equal(error.kind(), ErrorKind::DifferentlyPinned, "other choices")?;

    fs::remove_file(bpffs.join("many/many_exit"))?;
    let error = refused(many::Skel::open().preload(keep()))?;
    equal(error.kind(), ErrorKind::DifferentlyPinned, "a set that is not whole")
}

fn replaces() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let table = bpffs.join("many/table");
    drop(many::Skel::preload(bpffs.path())?);
    let (old_link, old_map) =
        (pinned_id("link", &bpffs.join("many/many_switch"))?, pinned_id("map", &table)?);
    let update = ["map", "update", "pinned"];
    let entry = ["key", "7", "0", "0", "0", "value", "1", "2", "3", "4", "5", "6", "7", "8"];
    run(Command::new("bpftool").args(update).arg(&table).args(entry))?;

    let replace = || Preload::at(bpffs.path()).existing(Existing::Replace);
    let second = many::Skel::open().preload(replace().carry_maps(true))?;
    ensure(matches!(second, Preloaded::Replaced(_)), || format!("{second:?}"))?;
    drop(second);
    ensure(pinned_id("link", &bpffs.join("many/many_switch"))? != old_link, || {
        "the old link is still there".into()
    })?;
    equal(pinned_id("map", &table)?, old_map, "the map that was carried over")?;
    let dump = run(Command::new("bpftool").args(["--json", "map", "dump", "pinned"]).arg(&table))?;
    let dump = String::from_utf8(dump.stdout)?;
    ensure(dump.contains("0x08"), || format!("its contents are gone: {dump}"))?;
    gone("link", old_link)?;

    drop(many::Skel::open().preload(replace())?);
    ensure(pinned_id("map", &table)? != old_map, || "the map was not made anew".into())?;
    gone("map", old_map)?;
    equal(bpffs.list("")?, vec!["many".to_owned()], "what is there")
}

fn incompatible_map() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let mut first = many::Skel::open();
    first.maps.many_table.set_max_entries(32);
    drop(first.preload(Preload::at(bpffs.path()))?);
    let before = bpffs.list("many")?;

    let options = Preload::at(bpffs.path()).existing(Existing::Replace).carry_maps(true);
    let error = refused(many::Skel::open().preload(options))?;
    let kind = ErrorKind::IncompatibleMap { field: MapField::MaxEntries, found: 32, wanted: 16 };
    equal(error.kind(), kind, "the error")?;
    let text = error.to_string();
    ensure(text.contains("`many_table`") && text.contains("max_entries 32, the object wants 16"), || text)?;
    equal(bpffs.list("many")?, before, "the old set")?;
    equal(bpffs.list("")?, vec!["many".to_owned()], "what is there")
}

fn foreign() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let replace = || Preload::at(bpffs.path()).existing(Existing::Replace);
    let expect = |error: Error, what: &str| equal(error.kind(), ErrorKind::Foreign, what);

    // A directory of someone else's under the name of the object.
    fs::create_dir(bpffs.join("plain"))?;
    expect(refused(plain::Skel::open().preload(replace()))?, "a directory that no preload has made")?;
    expect(refused(plain::unpin(bpffs.path()))?, "unpinning it")?;
    fs::remove_dir(bpffs.join("plain"))?;

    // A symbolic link there is not followed.
    fs::create_dir(bpffs.join("elsewhere"))?;
    symlink("elsewhere", bpffs.join("plain"))?;
    refused(plain::Skel::open().preload(replace()))?;
    refused(plain::unpin(bpffs.path()))?;
    fs::remove_file(bpffs.join("plain"))?;

    // Something under the name of a set in the making, with something in it.
    fs::create_dir_all(bpffs.join("plain__new/theirs"))?;
    expect(refused(plain::Skel::preload(bpffs.path()))?, "the name of a set in the making")?;
    ensure(bpffs.join("plain__new/theirs").exists(), || "it was removed".into())?;
    fs::remove_dir_all(bpffs.join("plain__new"))?;

    // A pin of someone else's in the set.
    let skel = plain::Skel::preload(bpffs.path())?;
    skel.maps.rodata.pin(bpffs.join("plain/theirs"))?;
    expect(refused(plain::Skel::open().preload(replace()))?, "replacing a set with something foreign in it")?;
    let error = refused(plain::unpin(bpffs.path()))?;
    ensure(error.to_string().contains("plain/theirs"), || error.to_string())?;
    equal(bpffs.list("plain")?, vec!["count_maps".to_owned(), "theirs".to_owned()], "the set")?;
    plain::unpin_with(Removal::at(bpffs.path()).foreign(true))?;
    equal(bpffs.list("")?, vec!["elsewhere".to_owned()], "what is left")
}

/// By the directory alone, as somebody does who has neither the object nor its name.
fn unpin_any() -> Outcome {
    let bpffs = Bpffs::mount()?;
    many::preload(bpffs.path())?;
    many::unload();
    let pin = bpffs.join("many/many_list");
    let link = pinned_id("link", &pin)?;
    fs::create_dir(bpffs.join("many/other"))?;
    let error = refused(preload_runtime::unpin(bpffs.join("many")))?;
    equal(error.kind(), ErrorKind::Foreign, "the kind of the error")?;
    equal(pinned_id("link", &pin)?, link, "the link that was there")?;
    fs::remove_dir(bpffs.join("many/other"))?;
    preload_runtime::unpin(bpffs.join("many"))?;
    ensure(!bpffs.join("many").exists(), || "the directory is still there".into())?;
    gone("link", link)
}

fn one_at_a_time() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let lock = fs::File::open(bpffs.path())?;
    flock(&lock, FlockOperation::LockExclusive)?;
    let error = refused(plain::Skel::preload(bpffs.path()))?;
    equal(error.errno(), Some(Errno::EAGAIN), "while another is at work")?;
    ensure(error.to_string().contains("another preloader"), || error.to_string())?;
    thread::scope(|scope| {
        let waiting = scope.spawn(|| plain::Skel::open().preload(Preload::at(bpffs.path()).wait(true)));
        drop(lock);
        let done = waiting.join().map_err(|_| "the thread panicked")?;
        ensure(matches!(done?, Preloaded::New(_)), || "something was there".into())
    })
}

fn access() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let options = Preload::at(bpffs.path()).mode(0o750, 0o640).owner(12, 34);
    drop(plain::Skel::open().preload(options)?);
    for (name, mode) in [("plain", 0o750), ("plain/count_maps", 0o640)] {
        let metadata = fs::metadata(bpffs.join(name))?;
        equal(metadata.permissions().mode() & 0o7777, mode, name)?;
        equal((metadata.uid(), metadata.gid()), (12, 34), name)?;
    }
    plain::unpin(bpffs.path())?;
    drop(plain::Skel::preload(bpffs.path())?);
    let metadata = fs::metadata(bpffs.join("plain"))?;
    equal(metadata.permissions().mode() & 0o7777, 0o700, "the mode unless it is said")
}

fn unattached() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let skel = plain::Skel::open().load()?;
    let error = refused(skel.pin(bpffs.join("early")))?;
    equal(error.kind(), ErrorKind::NotAttached, "a set whose programs are not attached")?;
    equal(bpffs.list("")?, Vec::new(), "what is left")?;

    let directory = tempfile::tempdir()?;
    let error = refused(skel.pin(directory.path().join("set")))?;
    equal(error.kind(), ErrorKind::NotBpffs, "a place that is no bpffs")?;

    // A program that is attached by hand is pinned with the others once its link is in the skeleton.
    let mut skel = tracing::Skel::open().load()?;
    let _ = skel.attach()?;
    let by_hand = skel.links.count_raw_tracepoint.take().ok_or("not attached")?.into_fd();
    skel.links.count_raw_tracepoint = Some(skel.progs.count_raw_tracepoint.link_from(by_hand));
    skel.pin(bpffs.join("set"))?;
    equal(bpffs.list("set")?, vec!["count_raw_tracepoint".to_owned(), "tp".to_owned()], "the pins")
}
