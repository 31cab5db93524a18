//! Operations whose name the kernel knows once: new ones take the place of the old ones in their link, where the kernel has it so.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::{Attachment, Errno, Existing, LinkInfo, Pinned, Preload, Preloaded, Step, status};

use super::refused;
use crate::child::race_rounds;
use crate::harness::{Outcome, ensure, equal, read};
use crate::objects::operations;
use crate::struct_ops::{available, gone, sched_ext, talk};
use crate::witness::{Bpffs, bpftool, marks, pinned_id};

#[bpf_preload("../../bpf/transaction/operations_of_others.bpf.o", dir = "others")]
mod operations_of_others {}

#[bpf_preload("../../bpf/struct_ops/tcp_unlinked.bpf.o", dir = "unlinked")]
mod unlinked {}

/// The id of the map whose operations the only link of a set keeps in force.
fn in_force(set: &Path) -> Result<u32, Failed> {
    let mut found = None;
    // Older versions of bpftool do not say it.
    status(set)?.pins(|pin| {
        if let Pinned::Link(LinkInfo { attachment: Attachment::StructOps { map_id }, .. }) = &pin.pinned {
            found = Some(*map_id);
        }
    })?;
    let id = found.ok_or("there are no operations")?;
    let map_type = bpftool("map")?.remove(&id).and_then(|map| Some(map.get("type")?.as_str()?.to_owned()));
    equal(map_type.as_deref(), Some("struct_ops"), "the map that the link names")?;
    Ok(id)
}

/// Replacements under load: each waits several times until the whole kernel is done with the old ones.
fn rounds() -> usize {
    race_rounds().div_ceil(10)
}

/// Sockets take the congestion control up all the time while it is replaced: it has its name at every moment, and each is counted
/// by the old one or the new one.
pub(super) fn under_load() -> Outcome {
    let bpffs = Bpffs::mount()?;
    drop(operations::Skel::preload(bpffs.path())?);
    let (set, pin) = (bpffs.join("operations"), bpffs.join("operations/control"));
    let (link, first) = (pinned_id("link", &pin)?, in_force(&set)?);
    let stop = AtomicBool::new(false);
    let taken = thread::scope(|scope| -> Result<u64, Failed> {
        let generator = scope.spawn(|| -> Result<u64, Failed> {
            let mut taken = 0;
            while !stop.load(Ordering::Relaxed) {
                talk("bpf_replaced")?;
                taken += 1;
            }
            Ok(taken)
        });
        let result = (0..rounds()).try_for_each(|_| -> Outcome {
            let before = in_force(&set)?;
            let options = Preload::at(bpffs.path()).existing(Existing::Replace).carry_maps(true);
            let replaced = operations::Skel::open().preload(options)?;
            ensure(matches!(replaced, Preloaded::Replaced(_)), || format!("{replaced:?}"))?;
            drop(replaced);
            ensure(in_force(&set)? != before, || "the old ones are in force".into())
        });
        stop.store(true, Ordering::Relaxed);
        let taken = generator.join().map_err(|_| "the generator panicked")?;
        result.and(taken)
    })?;
    equal(pinned_id("link", &pin)?, link, "the link")?;
    ensure(in_force(&set)? != first, || "the first ones are in force".into())?;
    equal(bpffs.list("operations")?, vec!["control".to_owned(), "taken".to_owned()], "the set")?;
    let counted = marks(&bpffs.join("operations/taken"))?.get(&0).copied();
    println!("operations: {} replacements, {taken} sockets, {counted:?} counted", rounds());
    ensure(taken > 0, || "no socket has taken them".into())?;
    equal(counted, Some(taken), "sockets that were counted")?;
    operations::unpin(bpffs.path())?;
    gone(|| available("bpf_replaced"))
}

/// The name belongs to somebody else: nothing of theirs is touched.
pub(super) fn of_others() -> Outcome {
    let (bpffs, other) = (Bpffs::mount()?, Bpffs::mount()?);
    drop(operations_of_others::Skel::preload(other.path())?);
    let theirs = in_force(&other.join("others"))?;
    let error = refused(operations_of_others::Skel::preload(bpffs.path()))?;
    equal((error.step(), error.errno()), (Step::Attach, Some(Errno::EEXIST)), "the error")?;
    equal(bpffs.list("")?, Vec::new(), "what is left")?;
    equal(in_force(&other.join("others"))?, theirs, "theirs")?;
    operations_of_others::unpin(other.path())?;
    gone(|| available("bpf_others"))
}

/// Without a link nothing can be exchanged: the old ones stay in force.
pub(super) fn without_a_link() -> Outcome {
    let bpffs = Bpffs::mount()?;
    drop(unlinked::Skel::preload(bpffs.path())?);
    let before = pinned_id("map", &bpffs.join("unlinked/counting"))?;
    let options = || Preload::at(bpffs.path()).existing(Existing::Replace);
    let error = refused(unlinked::Skel::open().preload(options()))?;
    ensure(error.to_string().contains("unpin the old set, then preload"), || error.to_string())?;
    equal(pinned_id("map", &bpffs.join("unlinked/counting"))?, before, "the old set")?;
    talk("bpf_unlinked")?;
    equal(bpffs.list("")?, vec!["unlinked".to_owned()], "what is there")?;
    // As the error says.
    unlinked::unpin(bpffs.path())?;
    gone(|| available("bpf_unlinked"))?;
    drop(unlinked::Skel::open().preload(options())?);
    talk("bpf_unlinked")?;
    unlinked::unpin(bpffs.path())?;
    gone(|| available("bpf_unlinked"))
}

/// The kernel refuses to exchange a scheduler: the old one stays in force.
pub(super) fn scheduler() -> Outcome {
    let state = || -> Result<String, Failed> { Ok(read("/sys/kernel/sched_ext/state")?.trim().to_owned()) };
    let bpffs = Bpffs::mount()?;
    drop(sched_ext::Skel::preload(bpffs.path())?);
    let look = || -> Result<_, Failed> {
        Ok((pinned_id("link", &bpffs.join("sched_ext/least"))?, in_force(&bpffs.join("sched_ext"))?))
    };
    let before = look()?;
    let options = Preload::at(bpffs.path()).existing(Existing::Replace);
    let error = refused(sched_ext::Skel::open().preload(options))?;
    equal(error.step(), Step::Update, "the step")?;
    ensure(error.to_string().contains("unpin the old set, then preload"), || error.to_string())?;
    equal(look()?, before, "the old set")?;
    equal(bpffs.list("")?, vec!["sched_ext".to_owned()], "what is there")?;
    equal(state()?.as_str(), "enabled", "the state")?;
    sched_ext::unpin(bpffs.path())?;
    gone(|| Ok(state()? != "disabled"))
}
