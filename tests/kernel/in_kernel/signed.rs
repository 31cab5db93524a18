//! Signed objects: loaded where the kernel finds the key, and refused for what is wrong everywhere else.

use libtest_mimic::Failed;
use preload_runtime::{
    Error, ErrorKind, Existing, Keyring, Preload, Preloaded, SignatureProblem, State, Step,
};

use super::objects::iterators as unsigned;
use super::same::{compare, compare_links};
use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::signed::iterators;
use crate::signed::keyring::{OTHER, SIGNER, Session};
use crate::witness::{Bpffs, cat};

const SIGNATURES: &[Need] = &[Need::Kernel(6, 18), Need::Symbol("verify_pkcs7_signature")];
const BEFORE: &[Need] = &[Need::Kernel(5, 17), Need::KernelBefore(6, 18)];

pub(super) const TESTS: &[Test] = &[
    Test { name: "in_kernel::signed::is_loaded", needs: SIGNATURES, run: is_loaded },
    Test { name: "in_kernel::signed::is_preloaded", needs: SIGNATURES, run: is_preloaded },
    Test { name: "in_kernel::signed::takes_the_key", needs: SIGNATURES, run: takes_the_key },
    Test { name: "in_kernel::signed::takes_a_newer_kernel", needs: BEFORE, run: takes_a_newer_kernel },
];

fn open(keyring: Keyring) -> iterators::OpenSkel {
    let mut open = iterators::Skel::open();
    open.set_keyring(keyring);
    open
}

fn problem(result: Result<iterators::Skel, Error>) -> Result<SignatureProblem, Failed> {
    let error = result.err().ok_or("it was loaded")?;
    equal(error.step(), Step::LoadLoader, "the step")?;
    match error.kind() {
        ErrorKind::Signature(problem) => Ok(problem),
        _ => Err(error.to_string().into()),
    }
}

/// It is what it would be unsigned.
fn is_loaded() -> Outcome {
    let session = Session::with(&[OTHER, SIGNER])?;
    for keyring in [Keyring::Session, Keyring::Serial(session.serial())] {
        let mut directly = unsigned::Skel::open().load()?;
        let mut signed = open(keyring).load()?;
        compare(&directly, &signed)?;
        let _ = (directly.attach()?, signed.attach()?);
        compare_links(&directly, &signed)?;
    }
    Ok(())
}

fn is_preloaded() -> Outcome {
    Session::with(&[SIGNER])?;
    let bpffs = Bpffs::mount()?;
    let options = || Preload::at(bpffs.path()).keyring(Keyring::Session);
    // The key is not one of the kernel's own.
    let refused = iterators::preload(bpffs.path()).err().ok_or("it was preloaded without the key")?;
    equal(refused.kind(), ErrorKind::Signature(SignatureProblem::NoKey), "the built-in keys")?;
    equal(bpffs.list("")?, Vec::new(), "what is left of that")?;

    ensure(matches!(iterators::preload_with(options())?, Preloaded::New(())), || "it was there".into())?;
    iterators::unload();
    ensure(cat(bpffs.join("iterators/dump_bpf_map"))?.contains("iterator.rodata"), || {
        "its own map is not listed".into()
    })?;
    equal(iterators::status(bpffs.path())?.state(), State::Complete, "the state")?;
    let kept = iterators::preload_with(options().existing(Existing::Keep))?;
    ensure(matches!(kept, Preloaded::Kept), || "the same is not kept".into())?;
    let replaced = iterators::preload_with(options().existing(Existing::Replace))?;
    ensure(matches!(replaced, Preloaded::Replaced(())), || "it was not replaced".into())?;
    iterators::unload();
    let carried = options().existing(Existing::Replace).carry_maps(true);
    ensure(iterators::preload_with(carried).is_err(), || "maps were carried over".into())?;
    iterators::unpin(bpffs.path())?;
    equal(bpffs.list("")?, Vec::new(), "what is left")
}

fn takes_the_key() -> Outcome {
    Session::with(&[])?;
    equal(problem(open(Keyring::Session).load())?, SignatureProblem::NoKey, "no key at all")?;
    Session::with(&[OTHER])?;
    equal(problem(open(Keyring::Session).load())?, SignatureProblem::NoKey, "another key")?;
    equal(problem(open(Keyring::Builtin).load())?, SignatureProblem::NoKey, "the kernel's keys")?;
    equal(problem(open(Keyring::Serial(1 << 30)).load())?, SignatureProblem::NoKeyring, "no keyring")?;
    let error = open(Keyring::Session).load().err().ok_or("it was loaded")?.to_string();
    ensure(
        error.contains("iterators: loading the loader: the key of the signature is not in the keyring"),
        || error.clone(),
    )?;
    Ok(())
}

fn takes_a_newer_kernel() -> Outcome {
    let error = iterators::Skel::open().load().err().ok_or("it was loaded")?;
    equal(error.kind(), ErrorKind::Signature(SignatureProblem::KernelTooOld), "the error")?;
    ensure(error.to_string().contains("Linux 6.18 or newer is needed"), || error.to_string())
}
