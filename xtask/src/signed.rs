//! `cargo xtask signed`: what signed objects and the policy for them take a machine of their own for.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use lexopt::{Arg, Parser};

use crate::vm;

pub(crate) const HELP: &str = "\
signed [vm options]
  Boots virtual machines with the kernels that verify signatures, 6.18 and 7.3 unless
  --kernel says otherwise, and runs what has to have them alone: loads of a signed object
  with one bit changed, more than 10,000 of them, and the policy, which once armed refuses
  what all other tests do.
";

/// The tests that have a machine to themselves.
const ALONE: (&str, &str) = ("PRELOAD_POLICY", "1");

pub(crate) struct Options {
    machines: vm::Options,
}

impl Options {
    pub(crate) fn parse(parser: &mut Parser) -> Result<Self, lexopt::Error> {
        let mut rest: Vec<OsString> = Vec::new();
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long(name) => {
                    rest.push(format!("--{name}").into());
                    rest.extend(parser.optional_value().or_else(|| parser.value().ok()));
                }
                _ => return Err(arg.unexpected()),
            }
        }
        if !rest.iter().any(|word| word == "--kernel") {
            rest.extend(["--kernel", "6.18,7.3"].map(OsString::from));
        }
        Ok(Self { machines: vm::Options::parse(&mut Parser::from_args(rest))? })
    }
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    vm::run_with(&options.machines, &[ALONE])
}
