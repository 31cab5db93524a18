//! `bpf-preload sign`: an object to its signature file; `bpf-preload verify`: whether the two belong together.
//!
//! The signing itself is left to `openssl`: keys come encrypted, in hardware and in whatever format there will be, and it reads them all. The
//! private key is never seen here. What the kernel does not look at, the certificate's dates and what it is for, is looked at here.

mod certificate;
mod messages;
mod openssl;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use preload_object::loader::Form;
use preload_object::signature::Signature;

use self::certificate::Certificate;
use self::messages::Messages;

#[derive(Args)]
pub(crate) struct Options {
    /// The object, as clang has written it.
    object: PathBuf,
    /// The private key: PEM or DER, or whatever else openssl takes (`pkcs11:..`).
    #[arg(long)]
    key: Option<OsString>,
    /// The certificate of the key: PEM or DER. It needs a subject key identifier, by which the kernel finds the key.
    #[arg(long)]
    cert: Option<PathBuf>,
    /// Where the signature file goes.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the messages into this directory, as OBJECT.hashed and OBJECT.bound, in place of signing them.
    #[arg(long, value_name = "DIRECTORY", conflicts_with_all = ["key", "cert", "output", "signed_hashed", "signed_bound"])]
    message: Option<PathBuf>,
    /// The signature of OBJECT.hashed: detached CMS in DER.
    #[arg(long, value_name = "FILE", requires = "signed_bound", conflicts_with = "key")]
    signed_hashed: Option<PathBuf>,
    /// The signature of OBJECT.bound: detached CMS in DER.
    #[arg(long, value_name = "FILE", requires = "signed_hashed", conflicts_with = "key")]
    signed_bound: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

/// What the attribute is told that changes what is loaded, and so what is signed.
#[derive(Args)]
struct Settings {
    /// What a program attaches to, where the attribute says `program(PROGRAM, target = "TARGET")`.
    #[arg(long = "target", value_name = "PROGRAM=TARGET")]
    targets: Vec<String>,
    /// A program for which the attribute says `optional`, or that another one is `instead_of`.
    #[arg(long = "optional", value_name = "PROGRAM")]
    optional: Vec<String>,
}

#[derive(Args)]
pub(crate) struct Verification {
    /// The object, as clang has written it.
    object: PathBuf,
    /// The signature file.
    signature: PathBuf,
    /// The certificate of the key that has signed: PEM or DER.
    #[arg(long)]
    cert: PathBuf,
    #[command(flatten)]
    settings: Settings,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let messages = Messages::read(&options.object, &options.settings)?;
    if let Some(directory) = &options.message {
        for (form, path) in messages.write(directory)? {
            println!("{}: {}", path.display(), kernels(form));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let (Some(certificate), Some(output)) = (&options.cert, &options.output) else { bail!(WHAT) };
    let certificate = Certificate::read(certificate)?;
    let signed = match (&options.key, &options.signed_hashed, &options.signed_bound) {
        (Some(key), None, None) => sign(&messages, key, &certificate)?,
        (None, Some(hashed), Some(bound)) => brought_back(&messages, [hashed, bound], &certificate)?,
        _ => bail!(WHAT),
    };
    let signature = messages.with(signed)?;
    fs::write(output, signature.to_bytes()).with_context(|| format!("cannot write {}", output.display()))?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn verify(options: &Verification) -> Result<ExitCode> {
    let messages = Messages::read(&options.object, &options.settings)?;
    let path = &options.signature;
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let signature = Signature::parse(&bytes).with_context(|| path.display().to_string())?;
    messages.check(&signature).with_context(|| path.display().to_string())?;
    let scratch = tempfile::tempdir().context("cannot make a temporary directory")?;
    for (form, message) in messages.write(scratch.path())? {
        openssl::verify(&message, signature.cms(form), &options.cert).with_context(|| {
            format!("{} was not signed by this key, in {}", path.display(), kernels(form))
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

const WHAT: &str = "say with what to sign (--key KEY --cert CERT -o FILE), where to write what is to be signed (--message DIRECTORY), \
                    or what the signatures of that are (--signed-hashed FILE --signed-bound FILE --cert CERT -o FILE)";

/// The signatures of both messages, each verified as soon as it is made.
fn sign(messages: &Messages, key: &OsString, certificate: &Certificate) -> Result<[Vec<u8>; 2]> {
    let scratch = tempfile::tempdir().context("cannot make a temporary directory")?;
    let [hashed, bound] = messages.write(scratch.path())?.map(|(form, path)| {
        let cms = openssl::sign(&path, key, certificate.path())?;
        openssl::verify(&path, &cms, certificate.path()).with_context(|| {
            format!("openssl does not verify what it has just signed ({})", kernels(form))
        })?;
        anyhow::Ok(cms)
    });
    Ok([hashed?, bound?])
}

/// The signatures that were made elsewhere, verified.
fn brought_back(
    messages: &Messages,
    files: [&PathBuf; 2],
    certificate: &Certificate,
) -> Result<[Vec<u8>; 2]> {
    let scratch = tempfile::tempdir().context("cannot make a temporary directory")?;
    let [hashed, bound] = messages.write(scratch.path())?;
    let read = |((form, message), file): ((Form, PathBuf), &PathBuf)| {
        let cms = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        openssl::verify(&message, &cms, certificate.path()).with_context(|| {
            format!("{} is no signature of the message in {} by this key", file.display(), kernels(form))
        })?;
        anyhow::Ok(cms)
    };
    Ok([read((hashed, files[0]))?, read((bound, files[1]))?])
}

/// Whose form it is, for a person.
fn kernels(form: Form) -> &'static str {
    match form {
        Form::Hashed => "the form of Linux 6.18",
        Form::Bound => "the form of Linux 7.3",
    }
}
