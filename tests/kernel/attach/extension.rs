//! Extensions: a function of an attached program is replaced, as others see it.

use std::fs;
use std::path::Path;

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::target::XdpMode;
use preload_runtime::{Attachment, Errno, Error, ErrorKind, Fd, Map, Step};
use rustix::mount::{MountFlags, MountPropagationFlags, mount, mount_change};
use rustix::thread::{UnshareFlags, unshare_unsafe};

use super::placed::events::{V4, packet};
use super::placed::{counter, counts, in_network, lives_by_its_pin};
use crate::harness::{Need, Outcome, Test, ensure, equal};

#[bpf_preload(
    "../../bpf/attach/extension/dispatcher.bpf.o",
    program(dispatch, interface = "lo", mode = "generic")
)]
mod dispatcher {}

#[bpf_preload("../../bpf/attach/extension/extension.bpf.o", program(decide_anew, manual))]
mod extension {}

#[bpf_preload(
    "../../bpf/attach/extension/extension.bpf.o",
    program(decide_anew, extends = "/sys/fs/bpf/dispatcher/dispatch")
)]
mod extension_of_pinned {}

#[bpf_preload(
    "../../bpf/attach/extension/extension_of_nothing.bpf.o",
    program(decide_anew, extends = "/sys/fs/bpf/dispatcher/dispatch", optional)
)]
mod extension_of_nothing {}

/// They change code of the kernel, which one in lockdown refuses.
const EXTENSIONS: &[Need] = &[Need::NoLockdown];

pub(super) const TESTS: &[Test] = &[
    Test { name: "attach::extension", needs: EXTENSIONS, run: by_descriptor },
    Test { name: "attach::extension_of_a_pinned_program", needs: EXTENSIONS, run: pinned },
    Test { name: "failures::attaching_an_extension_of_nothing", needs: &[], run: of_nothing },
    Test { name: "failures::attaching_an_extension_of_another_function", needs: EXTENSIONS, run: of_another },
];

/// A packet that goes through the function that was there.
fn decides(bss: &Map) -> Outcome {
    counts(bss, "decided", &|| packet(V4))
}

/// A packet that does not.
fn is_replaced(bss: &Map) -> Outcome {
    let before = counter(bss, "decided")?;
    packet(V4)?;
    equal(counter(bss, "decided")?, before, "the function that is replaced")
}

fn by_descriptor() -> Outcome {
    in_network(|| {
        let mut skel = dispatcher::Skel::open().load()?;
        ensure(skel.attach()?.is_empty(), || "something is left".into())?;
        decides(&skel.maps.bss)?;
        let program = skel.progs.dispatch.fd().ok_or("it is not loaded")?;

        let mut open = extension::Skel::open();
        open.progs.decide_anew.extend(program.duplicate()?);
        let new = open.load()?;
        let link = new.progs.decide_anew.attach_extension()?;
        is_replaced(&skel.maps.bss)?;
        let id = skel.progs.dispatch.id()?;
        let attachment = link.info()?.attachment;
        ensure(
            matches!(attachment, Attachment::Tracing { target_object_id: object, .. } if object == id || object == 0),
            || format!("not of program {id}: {attachment:?}"),
        )?;
        lives_by_its_pin(link, &new.maps.bss, "replaced", &|| packet(V4))?;
        decides(&skel.maps.bss)?;

        // Once more, which takes the other call; and beside it, which cannot be.
        let link = new.progs.decide_anew.attach_extension_to(program, "decide")?;
        counts(&new.maps.bss, "replaced", &|| packet(V4))?;
        let again = new.progs.decide_anew.attach_extension_to(program, "decide");
        equal(again.err().and_then(|error| error.errno()), Some(Errno::EBUSY), "a second extension")?;
        drop(link);
        decides(&skel.maps.bss)
    })
}

/// With a bpffs of its own at the place that the attribute names.
fn with_bpffs(test: impl FnOnce() -> Outcome + Send) -> Outcome {
    in_network(|| {
        enter_mounts()?;
        test()
    })
}

#[expect(
    unsafe_code,
    reason = "a thread leaves the mounts of the others, which share nothing with it that hangs on it"
)]
fn enter_mounts() -> Outcome {
    // SAFETY: descriptors stay shared; the thread alone gets other mounts and a working directory of its own.
    unsafe { unshare_unsafe(UnshareFlags::NEWNS) }?;
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    mount("bpf", "/sys/fs/bpf", "bpf", MountFlags::empty(), None)?;
    Ok(())
}

/// The extension is preloaded as any other object; the program that it is for is known by the pin of its link.
fn pinned() -> Outcome {
    with_bpffs(|| {
        let skel = dispatcher::Skel::preload("/sys/fs/bpf")?;
        let new = extension_of_pinned::Skel::preload("/sys/fs/bpf")?;
        let bss = new.maps.bss.fd().duplicate()?;
        drop(new);
        is_replaced(&skel.maps.bss)?;
        ensure(Path::new("/sys/fs/bpf/extension/decide_anew").exists(), || "there is no pin".into())?;
        drop(bss);
        extension_of_pinned::unpin("/sys/fs/bpf")?;
        decides(&skel.maps.bss)?;
        // A program that is pinned will do as well as its link.
        fs::remove_file("/sys/fs/bpf/dispatcher/dispatch")?;
        skel.progs.dispatch.pin("/sys/fs/bpf/dispatcher/dispatch")?;
        let _new = extension_of_pinned::Skel::preload("/sys/fs/bpf")?;
        is_replaced(&skel.maps.bss)
    })
}

fn refused(error: Option<Error>, parts: &[&str]) -> Result<ErrorKind, Failed> {
    let error = error.ok_or("it was loaded")?;
    equal((error.step(), error.item()), (Step::FindTarget, Some("decide_anew")), "what went wrong")?;
    let message = error.to_string();
    for part in parts {
        ensure(message.contains(part), || format!("`{part}` is not in: {message}"))?;
    }
    Ok(error.kind())
}

fn of_nothing() -> Outcome {
    let error = extension::Skel::open().load().err();
    let parts = [
        "program `decide_anew` (freplace/decide)",
        "nothing says which program it extends",
        "`extend_pinned`",
    ];
    equal(refused(error, &parts)?, ErrorKind::NothingExtended, "why")?;
    with_bpffs(|| {
        let error = extension_of_pinned::Skel::open().load().err();
        let kind = refused(error, &["at /sys/fs/bpf/dispatcher/dispatch", "in BPF_OBJ_GET"])?;
        equal(kind, ErrorKind::System(Errno::ENOENT), "why")?;
        // It may be missing.
        let skel = extension_of_nothing::Skel::open().load()?;
        equal(skel.progs.decide_anew.fd().is_none(), true, "what is optional was left out")
    })
}

fn of_another() -> Outcome {
    in_network(|| {
        let target = dispatcher::Skel::open().load()?;
        let dispatch: &Fd = target.progs.dispatch.fd().ok_or("it is not loaded")?;
        let mut open = extension_of_nothing::Skel::open();
        open.progs.decide_anew.extend(dispatch.duplicate()?).set_optional(false);
        let parts = ["the program that it extends has no function `no_such_function`", "global"];
        ensure(matches!(refused(open.load().err(), &parts)?, ErrorKind::NoFunction(_)), || "why".into())?;

        let mut open = extension::Skel::open();
        open.progs.decide_anew.extend(dispatch.duplicate()?);
        let skel = open.load()?;
        let attach = |function| skel.progs.decide_anew.attach_extension_to(dispatch, function);
        let error = attach("no_such_function").err().ok_or("it was attached")?;
        ensure(error.to_string().contains("no function of this name"), || error.to_string())?;
        let error = attach("count").err().ok_or("it was attached")?;
        ensure(error.to_string().contains("has other arguments"), || error.to_string())?;
        drop(attach("look")?);
        // Nothing holds it: it can be attached to what it was loaded against.
        drop(target.progs.dispatch.attach_xdp("lo", XdpMode::Generic)?);
        Ok(())
    })
}
