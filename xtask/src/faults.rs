//! `cargo xtask faults`: what a preload leaves behind under every fault, here and on other kernels.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use lexopt::{Arg, Parser};

use crate::vm;

pub(crate) const HELP: &str = "\
faults [--sample] [--here | --elsewhere] [vm options]
  Runs the tests of `faults` in tests/kernel: each system call of a preload fails once with
  each error, and is where it is killed; objects are replaced 1000 times under load
  and by eight processes at once. First on this machine, as root, then in virtual machines.
  --sample            a sample of the faults and few rounds, as in the ordinary test run
  --here              on this machine only
  --elsewhere         in virtual machines only
";

/// The tests of this group.
const GROUP: &str = "faults::";
/// Rounds of replacements and races, unless it is a sample.
const ROUNDS: &str = "1000";

pub(crate) struct Options {
    sample: bool,
    here: bool,
    elsewhere: bool,
    machines: vm::Options,
}

impl Options {
    pub(crate) fn parse(parser: &mut Parser) -> Result<Self, lexopt::Error> {
        let (mut sample, mut here, mut elsewhere) = (false, true, true);
        // Emulated machines that share their processors with others are slow.
        let mut rest = ["--timeout", "14400"].map(OsString::from).to_vec();
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("sample") => sample = true,
                Arg::Long("here") => elsewhere = false,
                Arg::Long("elsewhere") => here = false,
                Arg::Long(name) => {
                    rest.push(format!("--{name}").into());
                    rest.extend(parser.optional_value().or_else(|| parser.value().ok()));
                }
                _ => return Err(arg.unexpected()),
            }
        }
        rest.push(GROUP.into());
        let machines = vm::Options::parse(&mut Parser::from_args(rest))?;
        Ok(Self { sample, here, elsewhere, machines })
    }
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    // The tests read these, here and, passed on, in the machines.
    let environment: &[(&str, &str)] =
        if options.sample { &[] } else { &[("PRELOAD_FAULTS", "full"), ("PRELOAD_ROUNDS", ROUNDS)] };
    if options.here {
        let here = Command::new(env!("CARGO"))
            .args(["test", "--test", "kernel", "--", GROUP])
            .current_dir(crate::workspace())
            .envs(environment.iter().copied())
            .status()
            .context("cannot run cargo")?;
        if !here.success() {
            return Ok(ExitCode::FAILURE);
        }
    }
    if options.elsewhere { vm::run_with(&options.machines, environment) } else { Ok(ExitCode::SUCCESS) }
}
