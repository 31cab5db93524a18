//! `cargo xtask sign`: the signatures that are committed, and the certificates for them.

mod keys;

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;
use lexopt::{Arg, Parser};

use self::keys::Keys;
use crate::tool;

pub(crate) const HELP: &str = "\
sign [--check]
  Signs the objects that tests and examples load signed, with keys that are made for it and thrown away:
  what is committed are the signatures, and the certificates in tests/signed. Needed after
  each change of such an object, or of the loaders made of them.
  --check             write nothing; fail unless the committed signatures are those of the
                      objects, by the committed certificate
";

/// The objects that are signed, and where their signatures go.
const SIGNED: [(&str, &str); 2] = [
    ("examples/iterators.bpf.o", "tests/signed/iterators.bpf.sig"),
    ("examples/policy.bpf.o", "examples/policy.bpf.sig"),
];

/// Where the certificates are.
const FOLDER: &str = "tests/signed";

pub(crate) struct Options {
    check: bool,
}

impl Options {
    pub(crate) fn parse(parser: &mut Parser) -> Result<Self, lexopt::Error> {
        let mut options = Self { check: false };
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("check") => options.check = true,
                _ => return Err(arg.unexpected()),
            }
        }
        Ok(options)
    }
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let root = crate::workspace();
    if options.check { check(root) } else { sign(root) }
}

fn sign(root: &Path) -> Result<ExitCode> {
    let folder = root.join(FOLDER);
    let keys = Keys::make()?;
    keys.certificates(&folder)?;
    for (object, signature) in SIGNED {
        bpf_preload(root, &["sign", object, "-o", signature], |command| {
            command.arg("--key").arg(keys.signer()).arg("--cert").arg(folder.join(keys::SIGNER));
        })?;
        println!("signed     {object}");
    }
    Ok(ExitCode::SUCCESS)
}

fn check(root: &Path) -> Result<ExitCode> {
    let certificate = Path::new(FOLDER).join(keys::SIGNER);
    let mut wrong = 0;
    for (object, signature) in SIGNED {
        let verified = bpf_preload(root, &["verify", object, signature], |command| {
            command.arg("--cert").arg(&certificate);
        });
        if let Err(error) = verified {
            println!("wrong      {signature}\n{error:#}");
            wrong += 1;
        }
    }
    if wrong == 0 {
        println!("{} signatures are those of their objects", SIGNED.len());
        return Ok(ExitCode::SUCCESS);
    }
    println!("{wrong} of {} signatures are not those of their objects: run `cargo xtask sign`", SIGNED.len());
    Ok(ExitCode::FAILURE)
}

fn bpf_preload(root: &Path, arguments: &[&str], more: impl FnOnce(&mut Command)) -> Result<()> {
    let mut command = Command::new(OsStr::new(env!("CARGO")));
    command.args(["run", "--quiet", "--locked", "--package", "preload-cli", "--"]).args(arguments);
    more(command.current_dir(root));
    tool::run(&mut command)
}
