//! What one process has cost.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::machine::Machine;

/// Measured from outside, from before its start to after its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// Milliseconds.
    pub(crate) wall: f64,
    /// Milliseconds of all processors.
    pub(crate) cpu: f64,
    /// KiB.
    pub(crate) memory: f64,
}

impl Cost {
    /// A line that the launcher has written.
    fn parse(line: &str) -> Option<Self> {
        let mut numbers = line.split(' ').map(str::parse::<f64>);
        let mut next = || numbers.next()?.ok();
        let (wall, user, system, memory) = (next()?, next()?, next()?, next()?);
        Some(Self { wall: wall / 1e6, cpu: (user + system) / 1e3, memory })
    }
}

/// All that the launcher has written, in order.
pub(crate) fn parse(log: &str) -> Result<Vec<Cost>> {
    log.lines()
        .map(|line| Cost::parse(line).with_context(|| format!("`{line}` is not from the launcher")))
        .collect()
}

/// Runs a program to its end, which must be a good one.
pub(crate) fn once(machine: &Machine, program: &Path, arguments: &[&Path]) -> Result<Cost> {
    let log = machine.target().join("launch.log");
    let _ = fs::remove_file(&log);
    let output = Command::new(machine.launcher())
        .arg(program)
        .args(arguments)
        .env("LAUNCH_LOG", &log)
        .stdin(Stdio::null())
        .output()
        .context("cannot start the launcher")?;
    ensure!(
        output.status.success(),
        "{}: {}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    parse(&fs::read_to_string(&log)?)?.pop().context("the launcher has written nothing")
}
