//! `cargo xtask witness`: every object of the workspace compared with what libbpf makes of it.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use lexopt::{Arg, Parser};

pub(crate) const HELP: &str = "\
witness [FILTER..]
  Opens, links and loads every object of the workspace with libbpf and with the runtime, and
  compares: maps, programs, types, instructions, in the file and in the kernel. As root.
  Debian packages that building libbpf takes: gcc libelf-dev pkg-config zlib1g-dev
";

pub(crate) struct Options {
    filters: Vec<OsString>,
}

impl Options {
    pub(crate) fn parse(parser: &mut Parser) -> Result<Self, lexopt::Error> {
        let mut filters = Vec::new();
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Value(filter) => filters.push(filter),
                _ => return Err(arg.unexpected()),
            }
        }
        Ok(Self { filters })
    }
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let root = crate::workspace();
    let status = Command::new(env!("CARGO"))
        .args(["test", "--quiet", "--locked", "--manifest-path"])
        .arg(root.join("witness/Cargo.toml"))
        .arg("--target-dir")
        .arg(root.join("target/witness"))
        // One line for the objects that are the same.
        .args(["--", "--quiet"])
        .args(&options.filters)
        .status()
        .context("cannot run cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
