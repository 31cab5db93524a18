//! `cargo xtask fuzz`: bytes nobody has thought of, through the reader and the planner.

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use lexopt::{Arg, Parser, ValueExt};

use crate::{files, tool};

pub(crate) const HELP: &str = "\
fuzz [--seconds N] [read|plan|signature]
  Lets libFuzzer change the objects of the workspace, or its signature files, for a while (a
  minute, with `plan`) and read the outcome. A crash, an input that takes seconds or gigabytes ends it, and is kept
  under target/fuzz. Takes `cargo install cargo-fuzz`.
";

/// The targets, and the files each begins with.
const TARGETS: [(&str, &str); 3] = [("read", ".bpf.o"), ("plan", ".bpf.o"), ("signature", ".bpf.sig")];

pub(crate) struct Options {
    seconds: u32,
    target: String,
}

impl Options {
    pub(crate) fn parse(parser: &mut Parser) -> Result<Self, lexopt::Error> {
        let mut options = Self { seconds: 60, target: "plan".into() };
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("seconds") => options.seconds = parser.value()?.parse()?,
                Arg::Value(target) if TARGETS.iter().any(|(name, _)| target == *name) => {
                    options.target = target.string()?;
                }
                _ => return Err(arg.unexpected()),
            }
        }
        Ok(options)
    }
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let root = crate::workspace();
    if tool::find("cargo-fuzz").is_none() {
        bail!("cargo-fuzz is missing: `cargo install cargo-fuzz`, and its folder in PATH");
    }
    let folder = root.join("target/fuzz");
    let corpus = folder.join("corpus").join(&options.target);
    fs::create_dir_all(&corpus)?;
    // What was found stays in the first folder; the files of the workspace are where it begins.
    let ending = TARGETS.iter().find(|(name, _)| *name == options.target).map_or("", |(_, ending)| ending);
    let seeds = folder.join("seeds").join(ending.trim_start_matches('.'));
    fs::create_dir_all(&seeds)?;
    for file in files::find(root, &files::BPF_FOLDERS, ending)? {
        let name = file.to_string_lossy().replace('/', "-");
        fs::copy(root.join(&file), seeds.join(name))?;
    }
    let status = Command::new("cargo")
        .args(["fuzz", "run", "--fuzz-dir", "preload-object/fuzz", "--target-dir"])
        .arg(&folder)
        .arg(&options.target)
        .args([&corpus, &seeds])
        .args(["--", "-max_len=40000", "-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"])
        .arg(format!("-max_total_time={}", options.seconds))
        .arg(format!("-artifact_prefix={}/", folder.display()))
        .current_dir(root)
        // The sanitizers are options of a nightly compiler; any will do.
        .env("RUSTC_BOOTSTRAP", "1")
        .status()
        .context("cannot run cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
