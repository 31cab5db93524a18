//! What is in a program: functions that move, functions that are called back, what goes with them.

mod callbacks;
mod lines;
mod sleepable;
mod tags;

use std::process::Command;

use libtest_mimic::Failed;
use preload_runtime::Program;

use crate::harness::Test;
use crate::witness::run;

pub(crate) fn tests() -> Vec<Test> {
    [callbacks::TESTS, lines::TESTS, sleepable::TESTS, tags::TESTS].concat()
}

/// Runs a program of traffic control once, over a packet of zeros; what it returns.
fn run_once(program: &Program) -> Result<u32, Failed> {
    let packet = tempfile::NamedTempFile::new()?;
    std::fs::write(packet.path(), [0; 64])?;
    let mut bpftool = Command::new("bpftool");
    bpftool.args(["--json", "prog", "run", "id", &program.id()?.to_string(), "data_in"]).arg(packet.path());
    let answer: serde_json::Value = serde_json::from_slice(&run(&mut bpftool)?.stdout)?;
    crate::witness::number(&answer, "retval")
}
