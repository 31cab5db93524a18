//! `bpf-preload sign`: files that openssl verifies, and mistakes that are told.

mod keys;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use preload_object::loader::Form;
use preload_object::signature::Signature;

use self::keys::Keys;

fn object(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn iterators() -> PathBuf {
    object("examples/iterators.bpf.o")
}

/// `bpf-preload sign OBJECT`; the values of options are files of the directory of keys.
fn sign(keys: &Keys, object: &Path, options: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bpf-preload"));
    command.arg("sign").arg(object);
    for (option, file) in options {
        command.arg(option).arg(keys.path(file));
    }
    command.output().unwrap()
}

fn succeeds(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// It fails, says this, and leaves no file.
#[track_caller]
fn refused(keys: &Keys, object: &Path, options: &[(&str, &str)], says: &str) {
    let output = sign(keys, object, options);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains(says), "`{says}` is not in: {said}");
    assert!(!keys.path("out.sig").exists());
}

fn signed_by<'a>(key: &'a str, certificate: &'a str) -> [(&'a str, &'a str); 3] {
    [("--key", key), ("--cert", certificate), ("-o", "out.sig")]
}

fn read(keys: &Keys, file: &str) -> Signature {
    Signature::parse(&fs::read(keys.path(file)).unwrap()).unwrap()
}

#[test]
fn what_is_signed_is_verified_by_openssl() {
    let keys = Keys::new();
    keys.in_der("signer");
    keys.ecdsa("ecdsa");
    succeeds(&sign(&keys, &iterators(), &[("--message", "")]));
    let messages = ["iterators.hashed", "iterators.bound"].map(|name| keys.path(name));
    for (key, certificate, signer) in [
        ("signer.key", "signer.crt", "signer"),
        ("signer.key.der", "signer.crt.der", "signer"),
        ("ecdsa.key", "ecdsa.crt", "ecdsa"),
    ] {
        succeeds(&sign(&keys, &iterators(), &signed_by(key, certificate)));
        let signature = read(&keys, "out.sig");
        assert_eq!(signature.check_object(&fs::read(iterators()).unwrap()), Ok(()));
        for (form, other, [message, other_message]) in [
            (Form::Hashed, Form::Bound, [&messages[0], &messages[1]]),
            (Form::Bound, Form::Hashed, [&messages[1], &messages[0]]),
        ] {
            assert!(keys.verifies(message, signature.cms(form), signer));
            assert!(!keys.verifies(other_message, signature.cms(form), signer));
            assert!(!keys.verifies(message, signature.cms(other), signer));
            assert!(!keys.verifies(message, signature.cms(form), "other"));
        }
    }
}

/// A signature of an RSA key has nothing random in it.
#[test]
fn signing_twice_gives_the_same_file() {
    let keys = Keys::new();
    let files = ["first.sig", "second.sig"].map(|file| {
        succeeds(&sign(
            &keys,
            &iterators(),
            &[("--key", "signer.key"), ("--cert", "signer.crt"), ("-o", file)],
        ));
        fs::read(keys.path(file)).unwrap()
    });
    assert_eq!(files[0], files[1]);
}

#[test]
fn messages_are_signed_elsewhere() {
    const AS_WANTED: &[&str] = &["-noattr", "-nocerts", "-nosmimecap", "-keyid"];
    let keys = Keys::new();
    succeeds(&sign(&keys, &iterators(), &[("--message", "")]));
    let [hashed, bound] = ["iterators.hashed", "iterators.bound"].map(|name| keys.path(name));
    keys.sign_elsewhere(&hashed, "hashed.cms", AS_WANTED);
    keys.sign_elsewhere(&bound, "bound.cms", AS_WANTED);
    let back = |hashed, bound, certificate| {
        [("--signed-hashed", hashed), ("--signed-bound", bound), ("--cert", certificate), ("-o", "out.sig")]
    };

    refused(
        &keys,
        &iterators(),
        &back("bound.cms", "hashed.cms", "signer.crt"),
        "no signature of the message",
    );
    refused(
        &keys,
        &iterators(),
        &back("hashed.cms", "bound.cms", "other.crt"),
        "no signature of the message",
    );
    keys.sign_elsewhere(&bound, "attributes.cms", &["-nocerts", "-keyid"]);
    refused(&keys, &iterators(), &back("hashed.cms", "attributes.cms", "signer.crt"), "-noattr");

    succeeds(&sign(&keys, &iterators(), &back("hashed.cms", "bound.cms", "signer.crt")));
    let brought_back = fs::read(keys.path("out.sig")).unwrap();
    succeeds(&sign(&keys, &iterators(), &signed_by("signer.key", "signer.crt")));
    assert_eq!(brought_back, fs::read(keys.path("out.sig")).unwrap());
}

#[test]
fn keys_that_will_not_do_are_told() {
    let keys = Keys::new();
    keys.not_for_signing("encryption");
    keys.without_identifier("nameless");
    keys.expired("expired");
    fs::write(keys.path("text"), "no key").unwrap();
    for (key, certificate, says) in [
        ("other.key", "signer.crt", "is not the private key of the certificate"),
        ("signer.key", "expired.crt", "has expired: it was valid until 2021-01-01"),
        ("encryption.key", "encryption.crt", "not for signing"),
        ("nameless.key", "nameless.crt", "no subject key identifier"),
        ("text", "signer.crt", "Could not read signing key"),
        ("missing", "signer.crt", "Could not open file"),
        ("signer.key", "text", "none that can be read"),
        ("signer.key", "signer.key", "none that can be read"),
        ("signer.key", "missing", "cannot read"),
    ] {
        refused(&keys, &iterators(), &signed_by(key, certificate), says);
    }
}

#[test]
fn command_lines_that_say_too_little_are_told() {
    let keys = Keys::new();
    for options in [
        &[][..],
        &[("--key", "signer.key"), ("--cert", "signer.crt")],
        &[("--key", "signer.key"), ("-o", "out.sig")],
        &[("--cert", "signer.crt"), ("-o", "out.sig")],
    ] {
        refused(&keys, &iterators(), options, "say with what to sign");
    }
}

#[test]
fn what_the_attribute_says_of_programs_is_signed() {
    let keys = Keys::new();
    let run = |object: &Path, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bpf-preload"));
        command.arg("sign").arg(object).args(more).arg("--message").arg(keys.path(""));
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let message = |object: &Path, more: &[&str]| {
        assert_eq!(run(object, more), (true, String::new()));
        let name = object.file_name().unwrap().to_str().unwrap().split('.').next().unwrap().to_owned();
        fs::read(keys.path(&format!("{name}.bound"))).unwrap()
    };
    let plain = message(&iterators(), &[]);
    assert_eq!(plain, message(&iterators(), &[]));
    assert_ne!(plain, message(&iterators(), &["--optional", "dump_bpf_map"]));
    assert_ne!(plain, message(&iterators(), &["--target", "dump_bpf_map=bpf_link"]));
    let without_target = object("tests/bpf/iterator_without_target.bpf.o");
    let (success, said) = run(&without_target, &[]);
    assert!(!success && said.contains("--target"), "{said}");
    let kconfig = object("tests/bpf/externs/kconfig.bpf.o");
    let (success, said) = run(&kconfig, &[]);
    assert!(!success && said.contains("cannot be signed") && said.contains("__kconfig"), "{said}");
    for (more, says) in [
        (["--target", "dump_bpf_map"], "no PROGRAM=TARGET"),
        (["--target", "nothing=bpf_link"], "no program `nothing`"),
        (["--optional", "nothing"], "no program `nothing`"),
    ] {
        let (success, said) = run(&iterators(), &more);
        assert!(!success && said.contains(says), "`{says}` is not in: {said}");
    }
}

#[test]
fn a_file_is_verified() {
    let keys = Keys::new();
    succeeds(&sign(&keys, &iterators(), &signed_by("signer.key", "signer.crt")));
    let verify = |object: &Path, signature: &str, certificate: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bpf-preload"));
        command.arg("verify").arg(object).arg(keys.path(signature)).arg("--cert").arg(keys.path(certificate));
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(verify(&iterators(), "out.sig", "signer.crt"), (true, String::new()));

    let (ringbuf, renamed) = (object("examples/ringbuf.bpf.o"), keys.path("renamed.bpf.o"));
    fs::copy(iterators(), &renamed).unwrap();
    let mut changed = fs::read(keys.path("out.sig")).unwrap();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(keys.path("changed.sig"), changed).unwrap();
    for (object, signature, certificate, says) in [
        (&iterators(), "out.sig", "other.crt", "not signed by this key"),
        (&iterators(), "changed.sig", "signer.crt", "not signed by this key"),
        (&iterators(), "signer.crt", "signer.crt", "no signature file"),
        (&ringbuf, "out.sig", "signer.crt", "not one of this object"),
        (&renamed, "out.sig", "signer.crt", "not of what the attribute makes of it"),
    ] {
        let (success, said) = verify(object, signature, certificate);
        assert!(!success && said.contains(says), "`{says}` is not in: {said}");
    }
}
