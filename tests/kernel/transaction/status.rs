//! Reading back what is preloaded.

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use libtest_mimic::Failed;
use preload_runtime::{
    Attachment, Errno, ErrorKind, Existing, Match, Pinned, Preload, State, Status, status as status_of,
};

use super::refused;
use crate::child::race_rounds;
use crate::harness::{Outcome, ensure, equal, release};
use crate::objects::{iterators, many, plain};
use crate::witness::{Bpffs, pinned_id};

/// What a status shows of its pins, in the order in which it shows them.
fn pins(status: &Status) -> Result<Vec<(String, String)>, Failed> {
    let mut pins = Vec::new();
    status.pins(|pin| {
        let pinned = match &pin.pinned {
            Pinned::Link(link) => format!("link {}", link.id),
            Pinned::Map(map) => format!("map {}", map.id),
            other => format!("{other:?}"),
        };
        pins.push((pin.name.to_string_lossy().into_owned(), pinned));
    })?;
    Ok(pins)
}

/// All that is to be seen of a set that is whole, as `bpftool` sees it too.
pub(super) fn whole() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let status = many::status(bpffs.path())?;
    equal(status.state(), State::Absent, "before")?;
    equal(status.matches(), None, "before")?;
    ensure(status.to_string().ends_with("many: not preloaded"), || status.to_string())?;

    drop(many::Skel::preload(bpffs.path())?);
    let status = many::status(bpffs.path())?;
    equal((status.state(), status.matches()), (State::Complete, Some(Match::Same)), "the set")?;
    equal(status.plan_digest(), Some(many::PLAN.digest), "the plan's digest")?;
    let mut expected = Vec::new();
    for (kind, name) in [
        ("link", "many_list"),
        ("link", "many_switch"),
        ("link", "many_typed"),
        ("link", "many_exit"),
        ("map", "table"),
        ("map", "many_state"),
    ] {
        let id = pinned_id(kind, &bpffs.join("many").join(name))?;
        expected.push((name.to_owned(), format!("{kind} {id}")));
    }
    equal(pins(&status)?, expected, "the pins")?;

    let mut attachments = Vec::new();
    status.pins(|pin| match &pin.pinned {
        Pinned::Link(link) => attachments.push(match &link.attachment {
            Attachment::RawTracepoint { name, .. } | Attachment::Iterator { name, .. } => {
                name.as_ref().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
            }
            other => format!("{other:?}"),
        }),
        Pinned::Map(map) => attachments.push(format!("type {}, {} entries", map.map_type, map.max_entries)),
        _ => {}
    })?;
    let expected = [
        "bpf_map",
        "sched_switch",
        "sched_switch",
        "sched_process_exit",
        "type 1, 16 entries",
        "type 2, 1 entries",
    ];
    equal(attachments.iter().map(String::as_str).collect::<Vec<_>>(), expected.to_vec(), "what they are")?;
    let text = status.to_string();
    for part in [
        "many: preloaded, all of it\n",
        ": the same as here\n",
        ", iterator bpf_map\n",
        ", raw tracepoint sched_switch\n",
        ", hash, key 4 bytes, value 8 bytes, 16 entries",
    ] {
        ensure(text.contains(part), || format!("`{part}` is not in:\n{text}"))?;
    }
    // Another process, without the plan.
    let other = status_of(bpffs.join("many"))?;
    equal((other.state(), other.matches()), (State::Complete, None), "without a plan")?;
    equal(pins(&other)?, pins(&status)?, "without a plan")
}

/// What differs from what would be preloaded.
pub(super) fn differing() -> Outcome {
    let bpffs = Bpffs::mount()?;
    drop(many::Skel::preload(bpffs.path())?);
    let at = || Preload::at(bpffs.path());
    let mut smaller = many::Skel::open();
    smaller.maps.many_table.set_max_entries(8);
    equal(smaller.status(&at())?.matches(), Some(Match::OtherSettings), "another size")?;
    equal(
        many::Skel::open().status(&at().mode(0o755, 0o644))?.matches(),
        Some(Match::OtherSettings),
        "other modes",
    )?;
    equal(many::Skel::open().status(&at())?.matches(), Some(Match::Same), "the same")?;

    // What another object has put there.
    fs::rename(bpffs.join("many"), bpffs.join("plain"))?;
    equal(plain::status(bpffs.path())?.matches(), Some(Match::OtherPlan), "another object")?;
    plain::unpin(bpffs.path())?;

    // A skeleton that is pinned by hand does not say what was chosen.
    let mut skel = iterators::Skel::open().load()?;
    let _ = skel.attach()?;
    skel.pin(bpffs.join("iterators"))?;
    let status = iterators::status(bpffs.path())?;
    equal(status.matches(), Some(Match::OtherSettings), "pinned by hand")?;
    equal(status.settings_digest(), None, "pinned by hand")
}

/// A set that is replaced during the look is not taken for one that is damaged.
pub(super) fn replaced_meanwhile() -> Outcome {
    let bpffs = Bpffs::mount()?;
    drop(plain::Skel::preload(bpffs.path())?);
    let stop = AtomicBool::new(false);
    let looks = thread::scope(|scope| -> Result<u32, Failed> {
        let looking = scope.spawn(|| -> Result<u32, Failed> {
            let mut looks = 0;
            while !stop.load(Ordering::Relaxed) {
                looks += 1;
                match plain::status(bpffs.path()) {
                    Ok(status) => match status.state() {
                        State::Complete => {}
                        // Where two names cannot be exchanged, nothing has the name for a moment.
                        State::Absent if release() < (6, 1) => {}
                        state => return Err(format!("{state:?} at look {looks}").into()),
                    },
                    // Too many replacements in a row.
                    Err(error) => equal(error.errno(), Some(Errno::EAGAIN), "a status")?,
                }
            }
            Ok(looks)
        });
        let result = (0..race_rounds()).try_for_each(|_| -> Outcome {
            let options = Preload::at(bpffs.path()).existing(Existing::Replace);
            drop(plain::Skel::open().preload(options)?);
            Ok(())
        });
        stop.store(true, Ordering::Relaxed);
        let looks = looking.join().map_err(|_| "the thread panicked")?;
        result.and(looks)
    })?;
    ensure(looks > 0, || "nobody has looked".into())
}

/// What is not as a preload leaves it.
pub(super) fn damaged() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let skel = many::Skel::preload(bpffs.path())?;
    fs::remove_file(bpffs.join("many/many_exit"))?;
    skel.maps.many_state.pin(bpffs.join("many/theirs"))?;
    fs::create_dir(bpffs.join("many__new"))?;
    let status = many::status(bpffs.path())?;
    equal(status.state(), State::Incomplete, "without a pin")?;
    let seen = pins(&status)?;
    ensure(seen.contains(&("many_exit".into(), "Missing".into())), || format!("{seen:?}"))?;
    equal(seen.last(), Some(&("theirs".into(), "Foreign".into())), "what is foreign")?;
    ensure(status.left_over().unpublished && !status.left_over().replaced, || {
        format!("{:?}", status.left_over())
    })?;
    let text = status.to_string();
    for part in ["not all of it", "many_exit: missing", "theirs: not of this preload", "many__new"] {
        ensure(text.contains(part), || format!("`{part}` is not in:\n{text}"))?;
    }

    fs::create_dir(bpffs.join("elsewhere"))?;
    equal(status_of(bpffs.join("elsewhere"))?.state(), State::Foreign, "somebody's directory")?;
    symlink("many", bpffs.join("link"))?;
    equal(status_of(bpffs.join("link"))?.state(), State::Foreign, "a symbolic link is not followed")?;
    let directory = tempfile::tempdir()?;
    let error = refused(plain::status(directory.path()))?;
    equal(error.kind(), ErrorKind::NotBpffs, "a place that is no bpffs")
}
