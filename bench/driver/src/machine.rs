//! The machine that is measured on: folders, a bpffs of our own, and what else goes on.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{clang, tool};

pub(crate) struct Machine {
    bench: PathBuf,
    target: PathBuf,
    bpffs: Bpffs,
}

/// A bpffs of our own: what is pinned goes with it.
struct Bpffs(TempDir);

impl Bpffs {
    fn mount() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        tool::output(Command::new("mount").args(["-t", "bpf", "bpf"]).arg(folder.path()))
            .context("this takes root")?;
        Ok(Self(folder))
    }
}

impl Drop for Bpffs {
    fn drop(&mut self) {
        // What is still pinned must not keep the folder from going away.
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

impl Machine {
    pub(crate) fn prepare() -> Result<Self> {
        let bench = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("no folder")?.to_owned();
        let target = bench.join("target");
        fs::create_dir_all(&target)?;
        let machine = Self { bench, target, bpffs: Bpffs::mount()? };
        clang::program(
            &machine.bench.join("c/launch.c"),
            &machine.bench.join("c"),
            &machine.launcher(),
            clang::BARE,
        )?;
        Ok(machine)
    }

    /// The folder of the benchmark.
    pub(crate) fn bench(&self) -> &Path {
        &self.bench
    }

    /// Where everything that is built goes.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    pub(crate) fn bpffs(&self) -> &Path {
        self.bpffs.0.path()
    }

    pub(crate) fn launcher(&self) -> PathBuf {
        self.target.join("launch")
    }

    /// What a reader must know of the run.
    pub(crate) fn conditions(&self) -> Vec<(String, String)> {
        let read = |path| fs::read_to_string(path).unwrap_or_default().trim().to_owned();
        let version = |program: &str, option: &str| {
            let text =
                tool::output(Command::new(program).arg(option)).unwrap_or_else(|error| format!("{error:#}"));
            text.lines().next().unwrap_or_default().to_owned()
        };
        let processors = std::thread::available_parallelism().map_or(0, usize::from);
        [
            ("kernel", read("/proc/sys/kernel/osrelease")),
            ("processors", processors.to_string()),
            ("load", read("/proc/loadavg")),
            ("time", version("date", "-u")),
            ("rustc", version("rustc", "--version")),
            ("clang", version("clang-19", "--version")),
            ("bpftool", version("bpftool", "version")),
        ]
        .map(|(what, value)| (what.to_owned(), value))
        .into()
    }
}
