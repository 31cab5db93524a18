//! `cargo xtask bench`: how we compare with others. The work is done in `bench/`, which has them for dependencies.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use lexopt::Parser;

pub(crate) const HELP: &str = "\
bench [OPTIONS] [CASE..]
  Compares loading, building and expanding with others, in turns, and prints medians,
  ratios and spread; --help lists the options. As root. Needs clang, LLVM, bpftool,
  libbpf and libelf for static linking (Debian: clang-19 llvm-19 bpftool libbpf-dev
  libelf-dev zlib1g-dev); what it cannot compare with is reported as missing.
";

/// The arguments are for the benchmark to take apart.
pub(crate) fn run(parser: &mut Parser) -> Result<ExitCode> {
    let arguments: Vec<OsString> = parser.raw_args()?.collect();
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["run", "--quiet", "--release", "--locked", "--manifest-path"])
        .arg(crate::workspace().join("bench/Cargo.toml"))
        .args(["--package", "bench-driver", "--"])
        .args(arguments)
        .status()
        .context("cannot start cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
