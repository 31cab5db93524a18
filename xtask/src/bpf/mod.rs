//! `cargo xtask bpf`: BPF sources to the objects committed beside them.

mod clang;
mod directives;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use lexopt::{Arg, Parser};

use self::clang::Toolchain;
use self::directives::Object;
use crate::files;

pub(crate) const HELP: &str = "\
bpf [--check]
  Compiles every *.bpf.c of the workspace to the object beside it, with the version
  of clang the committed object comes from. Directives in a source's leading comment
  change how it is built: xtask/src/bpf/directives.rs tells which there are.
  --check             write nothing; fail unless the committed objects are what the
                      sources give
";

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

/// One object and the source it is made from; both paths are relative to the workspace.
struct Job {
    source: PathBuf,
    output: PathBuf,
    object: Object,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let root = crate::workspace();
    let jobs = jobs(root)?;
    let toolchain = Toolchain::find(root, jobs.iter().map(|job| &job.object))?;
    if options.check { check(root, &toolchain, &jobs) } else { build(root, &toolchain, &jobs) }
}

fn jobs(root: &Path) -> Result<Vec<Job>> {
    let mut jobs: Vec<Job> = Vec::new();
    for source in files::find(root, &files::BPF_FOLDERS, ".bpf.c")? {
        let text = fs::read_to_string(root.join(&source))
            .with_context(|| format!("cannot read {}", source.display()))?;
        let default = source.with_extension("o");
        let default =
            default.file_name().and_then(|name| name.to_str()).context("a source's name is not UTF-8")?;
        for object in directives::parse(&text, default).with_context(|| source.display().to_string())? {
            let output = source.with_file_name(&object.name);
            if let Some(other) = jobs.iter().find(|job| job.output == output) {
                bail!("{} and {} both build {}", other.source.display(), source.display(), output.display());
            }
            jobs.push(Job { source: source.clone(), output, object });
        }
    }
    Ok(jobs)
}

fn build(root: &Path, toolchain: &Toolchain, jobs: &[Job]) -> Result<ExitCode> {
    // Compiled elsewhere first: an object is replaced as a whole or not at all.
    let scratch = tempfile::tempdir()?;
    for job in jobs {
        let bytes = toolchain.compile(&job.source, &job.object, scratch.path())?;
        let output = root.join(&job.output);
        // An object that stays the same keeps its time, and so nothing is rebuilt for it.
        if fs::read(&output).ok().as_ref() == Some(&bytes) {
            println!("unchanged  {}", job.output.display());
        } else {
            fs::write(&output, bytes).with_context(|| format!("cannot write {}", output.display()))?;
            println!("built      {}", job.output.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn check(root: &Path, toolchain: &Toolchain, jobs: &[Job]) -> Result<ExitCode> {
    let scratch = tempfile::tempdir()?;
    let mut wrong = 0;
    for job in jobs {
        let fresh = toolchain.compile(&job.source, &job.object, scratch.path())?;
        let verdict = match fs::read(root.join(&job.output)) {
            Ok(committed) if committed == fresh => continue,
            Ok(_) => "differs  ",
            Err(_) => "missing  ",
        };
        println!("{verdict}  {}  (from {})", job.output.display(), job.source.display());
        wrong += 1;
    }
    if wrong == 0 {
        println!("{} objects are what their sources give", jobs.len());
        return Ok(ExitCode::SUCCESS);
    }
    println!("{wrong} of {} objects are not what their sources give: run `cargo xtask bpf`", jobs.len());
    Ok(ExitCode::FAILURE)
}
