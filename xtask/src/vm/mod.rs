//! `cargo xtask vm`: the kernel tests, each kernel in a virtual machine of its own.

mod apt;
mod cpio;
mod image;
mod kernels;
mod mirror;
mod outcome;
pub(crate) mod qemu;
mod readme;
mod report;
pub(crate) mod suite;

pub(crate) use self::apt::Apt;
pub(crate) use self::kernels::{Kernel, Store};
pub(crate) use self::qemu::{Machine, boot};

use std::env::consts::ARCH;
use std::path::Path;
use std::process::{self, ExitCode};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};
use lexopt::{Arg, Parser, ValueExt};

use self::cpio::Archive;
use self::image::Work;
use self::outcome::Outcome;
use self::readme::Readme;
use self::report::Run;
use self::suite::Suite;

pub(crate) const HELP: &str = "\
vm [--kernel VERSION[,VERSION...]|all] [OPTIONS] [FILTER...]
  Builds the kernel tests and the examples as static binaries and runs the tests in a
  virtual machine for each kernel, emulated in software. Kernels are Debian's cloud
  images, fetched with apt from the mirror this machine uses and kept in target/vm;
  nothing is installed. Words after the options go to the test binary, words that
  begin with a dash after `--`. Fails unless the tests came to their end on every kernel
  and none of them failed.
  --kernel VERSION    such as 6.12, may be repeated; `all` (the default) stands for
                      5.10, 6.1, 6.12, 6.18 and 7.3
  --shell-command CMD run this in the machines instead of the tests
  --timeout SECONDS   for one machine, from start to end (2400)
  --jobs N            machines at the same time (2)
  --readme write      put the table of features by kernel into the README
  --readme check      fail unless that table is what the tests of this run give
  --update            look for newer packages of kernels that are there already
";

pub(crate) struct Options {
    kernels: Vec<String>,
    work: Work,
    limit: Duration,
    jobs: usize,
    update: bool,
    readme: Option<Readme>,
}

impl Options {
    pub(crate) fn parse(parser: &mut Parser) -> Result<Self, lexopt::Error> {
        let mut kernels: Vec<String> = Vec::new();
        let mut filters = Vec::new();
        let mut command = None;
        let mut limit = 2400;
        let mut jobs = 2;
        let mut update = false;
        let mut readme = None;
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("kernel") => {
                    kernels.extend(
                        parser.value()?.string()?.split(',').map(|version| version.trim().to_owned()),
                    );
                }
                Arg::Long("shell-command") => command = Some(parser.value()?.string()?),
                Arg::Long("timeout") => limit = parser.value()?.parse()?,
                Arg::Long("jobs") => jobs = parser.value()?.parse()?,
                Arg::Long("update") => update = true,
                Arg::Long("readme") => {
                    let value = parser.value()?.string()?;
                    readme = Some(Readme::parse(&value).ok_or("`--readme` takes `write` or `check`")?);
                }
                Arg::Value(filter) => filters.push(filter.string()?),
                _ => return Err(arg.unexpected()),
            }
        }
        if let Some(wrong) = kernels.iter().find(|version| *version != "all" && !is_version(version)) {
            return Err(format!("`{wrong}` is no kernel version such as 6.12").into());
        }
        if kernels.is_empty() || kernels.iter().any(|version| version == "all") {
            kernels = kernels::ALL.map(str::to_owned).to_vec();
        }
        if readme.is_some() && (command.is_some() || !filters.is_empty()) {
            return Err("the table in the README takes all tests".into());
        }
        let work = match command {
            Some(_) if !filters.is_empty() => return Err("a shell command takes no filters".into()),
            Some(command) => Work::Command(command),
            None => Work::Tests(filters),
        };
        Ok(Self { kernels, work, limit: Duration::from_secs(limit), jobs, update, readme })
    }
}

/// It becomes part of paths, so it is looked at closely.
fn is_version(text: &str) -> bool {
    let mut parts = text.split('.');
    parts.clone().count() >= 2
        && parts.all(|part| part.starts_with(|c: char| c.is_ascii_digit()) && !part.contains('/'))
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    run_with(options, &[])
}

/// The same with some environment for the tests.
pub(crate) fn run_with(options: &Options, environment: &[(&str, &str)]) -> Result<ExitCode> {
    ensure!(ARCH == "x86_64", "the machines are x86_64 and run tools of this machine, which is {ARCH}");
    let root = crate::workspace();
    let folder = root.join("target/vm");
    let qemu = qemu::find()?;

    let apt = Apt::new(folder.join("apt"))?;
    let store = Store { folder: folder.join("kernels"), apt: &apt, update: options.update };
    let kernels = options.kernels.iter().map(|version| store.get(version)).collect::<Result<Vec<_>>>()?;
    let busybox = image::busybox(&apt, &folder.join("busybox"))?;

    let suite = Suite::build(root, &folder.join("build"))?;
    let machines = Machines {
        qemu: &qemu,
        base: image::base(root, &suite, &busybox)?,
        marker: marker(),
        folder: &folder.join("run"),
        options,
        environment,
    };
    let runs = machines.run(kernels)?;
    let good = match options.work {
        Work::Tests(_) => report::tests(&runs),
        Work::Command(_) => report::command(&runs),
    };
    if let (Some(readme), true) = (options.readme, good) {
        readme.carry_out(root, &runs)?;
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Something that no test prints by chance.
fn marker() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("@@ xtask {:x}{:x}", process::id(), now.as_nanos())
}

struct Machines<'a> {
    qemu: &'a Path,
    base: Archive,
    marker: String,
    folder: &'a Path,
    options: &'a Options,
    environment: &'a [(&'a str, &'a str)],
}

impl Machines<'_> {
    /// Runs all, a few at a time; the results are in the order of the kernels.
    fn run(&self, kernels: Vec<Kernel>) -> Result<Vec<Run>> {
        let jobs = self.options.jobs.clamp(1, kernels.len().max(1));
        let queue = Mutex::new(kernels.into_iter().enumerate());
        let next = || queue.lock().ok()?.next();
        let results = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(|| {
                    while let Some((index, kernel)) = next() {
                        let result = self.run_one(kernel);
                        results
                            .lock()
                            .expect("no thread panics while it holds the lock")
                            .push((index, result));
                    }
                });
            }
        });
        let mut results = results.into_inner().expect("no thread panics while it holds the lock");
        results.sort_by_key(|(index, _)| *index);
        results.into_iter().map(|(_, result)| result).collect()
    }

    fn run_one(&self, kernel: Kernel) -> Result<Run> {
        eprintln!("booting {} ({})", kernel.version, kernel.package);
        let folder = self.folder.join(&kernel.version);
        let work = &self.options.work;
        let mut archive = self.base.clone();
        if let Some(config) = &kernel.config {
            image::configuration(&mut archive, config)?;
        }
        for (name, path) in &kernel.modules {
            image::module(&mut archive, name, path)?;
        }
        let image = image::finish(archive, &kernel.version, work, &self.marker, self.environment);
        let remains = boot(
            self.qemu,
            &Machine { kernel: &kernel.image, image: &image, words: "", disk: None },
            &folder,
            self.options.limit,
        )?;
        let outcome = match work {
            Work::Tests(_) => Outcome::of_tests(&remains, &self.marker),
            Work::Command(_) => Outcome::of_machine(&remains, &self.marker),
        };
        let (console, duration) = (remains.console, remains.duration);
        Ok(Run { kernel, outcome, console, duration, logs: folder.display().to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::is_version;

    #[test]
    fn versions() {
        assert!(is_version("6.12") && is_version("6.12.94+deb12"));
        assert!(!is_version("6") && !is_version("..") && !is_version("6.1/2") && !is_version("-6.1"));
    }
}
