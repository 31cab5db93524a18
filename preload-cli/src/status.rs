//! `bpf-preload status` and `unpin`: what is preloaded, whoever has done it.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use preload_runtime::State;

/// It is not a preload, or not all of it is there.
const NOT_WHOLE: u8 = 4;

pub(crate) fn run(directory: &Path) -> Result<ExitCode> {
    let status = preload_runtime::status(directory)?;
    println!("{status}");
    Ok(if status.state() == State::Complete { ExitCode::SUCCESS } else { ExitCode::from(NOT_WHOLE) })
}

pub(crate) fn unpin(directory: &Path) -> Result<ExitCode> {
    preload_runtime::unpin(directory)?;
    Ok(ExitCode::SUCCESS)
}
