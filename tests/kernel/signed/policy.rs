//! The policy of the examples, in a machine that it can have for itself: once armed, nothing ends it.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use preload_runtime::{Errno, Keyring, Preload, Preloaded, Step};
use rustix::mount::{UnmountFlags, unmount};

use super::iterators as signed;
use super::keyring::{SIGNER, Session};
use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::objects::iterators;
use crate::witness::{Bpffs, bpftool, built, cat, number, pinned_id, run, show};

/// The hook says since 6.18 whether a load comes from inside the kernel.
const SIGNATURES: &[Need] = &[Need::Kernel(6, 18), Need::BpfLsm];

pub(crate) const TESTS: &[Test] =
    &[Test { name: "signed::a_policy_that_stays", needs: SIGNATURES, run: a_policy_that_stays }];

/// The pins of the policy that are links.
const LINKS: [&str; 6] =
    ["only_signed", "keep_links", "keep_pins", "keep_directory", "keep_names", "keep_mount"];

fn a_policy_that_stays() -> Outcome {
    let session = Session::with(&[SIGNER])?;
    session.seal()?;
    let place = Bpffs::mount()?;
    let elsewhere = Bpffs::mount()?;
    let for_signed = Bpffs::mount()?;
    let others = Others::pin(&elsewhere)?;
    let policy = built("policy")?;
    let command = |arguments: &[&str]| {
        let mut command = Command::new(&policy);
        command.arg("--bpffs").arg(place.path()).args(arguments);
        command
    };
    let serial = session.serial().to_string();

    // It is signed itself, and nobody has that key but this keyring.
    ensure(!command(&[]).output()?.status.success(), || "the policy needs no key".into())?;
    equal(place.list("")?, Vec::new(), "what is left of a policy without its key")?;
    run(&mut command(&["--keyring", &serial]))?;
    unsigned_is_refused(&elsewhere)?;
    // Nobody has armed it: it goes as it came.
    run(&mut command(&["--unpin"]))?;
    drop(iterators::Skel::open().load()?);

    run(&mut command(&["--arm", "--keyring", &serial]))?;
    let directory = place.join("policy");
    let links = links(&directory)?;
    unsigned_is_refused(&elsewhere)?;
    signed_is_preloaded(&for_signed, session.serial())?;
    pins_stay(&place, &directory)?;
    state_stays(&directory)?;
    others.stay(&elsewhere)?;
    refused(&mut command(&["--unpin"]))?;
    // A second one cannot take its place.
    ensure(!command(&["--arm", "--keyring", &serial]).output()?.status.success(), || {
        "it was armed again".into()
    })?;
    equal(self::links(&directory)?, links, "the links of the policy")?;
    unsigned_is_refused(&elsewhere)
}

/// What an unprotected bpffs has: others can go on as before with what they have.
struct Others {
    link: u32,
}

impl Others {
    fn pin(elsewhere: &Bpffs) -> Result<Self, Failed> {
        iterators::Skel::preload(elsewhere.path())?;
        Ok(Self { link: pinned_id("link", &elsewhere.join("iterators/dump_bpf_map"))? })
    }

    /// Links cannot be detached any more, pins elsewhere can be removed.
    fn stay(&self, elsewhere: &Bpffs) -> Outcome {
        let link = self.link.to_string();
        refused(Command::new("bpftool").args(["link", "detach", "id", &link]))?;
        fs::remove_file(elsewhere.join("iterators/dump_bpf_map"))?;
        Ok(())
    }
}

/// Neither this crate, nor libbpf (which bpftool is made of), whole or as a loader in the kernel, gets a program in.
fn unsigned_is_refused(elsewhere: &Bpffs) -> Outcome {
    let Err(error) = iterators::Skel::open().load() else { return Err("an unsigned load went well".into()) };
    equal(error.step(), Step::LoadProgram, "the step")?;
    equal(error.errno(), Some(Errno::EPERM), "the error of an unsigned load")?;
    let root = env!("CARGO_MANIFEST_DIR");
    let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| root.into());
    let object = Path::new(&root).join("examples/iterators.bpf.o");
    let pin = elsewhere.join("refused");
    for words in [["prog", "loadall"], ["prog", "load"], ["iter", "pin"]] {
        refused(Command::new("bpftool").args(words).arg(&object).arg(&pin))?;
    }
    refused(Command::new("bpftool").args(["-L", "prog", "load"]).arg(&object).arg(&pin))?;
    ensure(!pin.exists(), || "something was pinned".into())
}

/// The key is in the keyring that the policy was told of; that the process names it as its own is not enough.
fn signed_is_preloaded(place: &Bpffs, keyring: i32) -> Outcome {
    let preload = |keyring| signed::Skel::open().preload(Preload::at(place.path()).keyring(keyring));
    let Err(error) = preload(Keyring::Session) else { return Err("any keyring will do".into()) };
    equal(error.errno(), Some(Errno::EPERM), "the error with a keyring of the process's own")?;
    equal(place.list("")?, Vec::new(), "what is left of that")?;
    let preloaded = preload(Keyring::Serial(keyring))?;
    ensure(matches!(preloaded, Preloaded::New(_)), || "it was there".into())?;
    drop(preloaded);
    ensure(cat(place.join("iterators/dump_bpf_map"))?.contains("iterator.rodata"), || {
        "its own map is not listed".into()
    })
}

/// The ids of the links, each of which is there, and attached.
fn links(directory: &Path) -> Result<BTreeSet<u32>, Failed> {
    let all = bpftool("link")?;
    let mut ids = BTreeSet::new();
    for name in LINKS {
        let id = pinned_id("link", &directory.join(name))?;
        let link = all.get(&id).ok_or_else(|| format!("the link of {name} is gone"))?;
        equal(link.get("attach_type").and_then(|kind| kind.as_str()), Some("lsm_mac"), name)?;
        ids.insert(id);
    }
    Ok(ids)
}

fn pins_stay(place: &Bpffs, directory: &Path) -> Outcome {
    let denied =
        |result: Result<(), rustix::io::Errno>, what: &str| equal(result, Err(rustix::io::Errno::PERM), what);
    for name in LINKS {
        let pin = directory.join(name);
        denied(rustix::fs::unlink(&pin), "removing a pin")?;
        denied(rustix::fs::rename(&pin, place.join("away")), "moving a pin away")?;
    }
    let file = place.join("mine");
    rustix::fs::mkdir(&file, rustix::fs::Mode::RWXU)?;
    denied(rustix::fs::rename(&file, directory.join("mine")), "moving something in")?;
    rustix::fs::rmdir(&file)?;
    denied(rustix::fs::rename(directory, &file), "moving the directory away")?;
    denied(rustix::fs::rmdir(directory), "removing the directory")?;
    for flags in [UnmountFlags::empty(), UnmountFlags::DETACH, UnmountFlags::FORCE] {
        denied(unmount(place.path(), flags), "unmounting")?;
    }
    for name in LINKS {
        let id = pinned_id("link", &directory.join(name))?.to_string();
        refused(Command::new("bpftool").args(["link", "detach", "id", &id]))?;
    }
    Ok(())
}

/// What was said when it was armed is not unsaid.
fn state_stays(directory: &Path) -> Outcome {
    let map = directory.join("state");
    let shown = show(
        &["map", "show", "pinned"].map(OsStr::new).into_iter().chain([map.as_os_str()]).collect::<Vec<_>>(),
    )?;
    equal(number(&shown, "frozen")?, 1, "the map is frozen")?;
    let zeros = ["0"; 24];
    let mut update = Command::new("bpftool");
    update.args(["map", "update", "pinned"]).arg(&map).args(["key", "0", "0", "0", "0", "value"]).args(zeros);
    refused(&mut update)
}

/// A command fails because it is not permitted.
fn refused(command: &mut Command) -> Outcome {
    // A loader of bpftool's says the number alone.
    const WORDS: [&str; 3] = ["ermission denied", "not permitted", "err -1\n"];
    let output = command.output()?;
    let text = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&text);
    ensure(!output.status.success() && WORDS.iter().any(|word| said.contains(word)), || {
        format!("{command:?}: {}: {said}", output.status)
    })
}
