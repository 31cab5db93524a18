//! The kernel tests and the examples, built to run where there is nothing but a kernel.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

const PACKAGE: &str = "bpf-preload-suite";
const TARGET: &str = "x86_64-unknown-linux-gnu";

pub(crate) struct Suite {
    pub(crate) test: PathBuf,
    /// Name and executable.
    pub(crate) examples: Vec<(String, PathBuf)>,
}

impl Suite {
    /// Builds with a target folder of its own: other flags in the usual one would rebuild everything each
    /// time.
    pub(crate) fn build(root: &Path, target: &Path) -> Result<Self> {
        let tests = cargo(root, target, &["test", "--no-run", "--test", "kernel"])?;
        let Some((_, test)) = tests.into_iter().next() else { bail!("cargo built no test `kernel`") };
        Ok(Self { test, examples: examples(root, target)? })
    }
}

/// The examples alone.
pub(crate) fn examples(root: &Path, target: &Path) -> Result<Vec<(String, PathBuf)>> {
    cargo(root, target, &["build", "--examples"])
}

/// Runs cargo; returns names and paths of the executables.
fn cargo(root: &Path, target: &Path, args: &[&str]) -> Result<Vec<(String, PathBuf)>> {
    let mut flags = env::var("RUSTFLAGS").unwrap_or_default();
    flags.push_str(" -C target-feature=+crt-static");

    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root)
        .args(args)
        // Naming the target keeps the flags away from macros and build scripts, which must stay dynamic.
        .args(["--package", PACKAGE, "--target", TARGET, "--message-format", "json-render-diagnostics"])
        // Emulation is slow enough.
        .arg("--release")
        .arg("--target-dir")
        .arg(target)
        .env("RUSTFLAGS", flags)
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        bail!("cargo {}: {}", args.join(" "), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().filter_map(executable).collect())
}

fn executable(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let path = message["executable"].as_str()?;
    Some((message["target"]["name"].as_str()?.to_owned(), path.into()))
}
