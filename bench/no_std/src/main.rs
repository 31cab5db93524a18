//! The job with this project, in a program without std, allocator and libc.
//!
//! `subject [DIRECTORY]`: load; with a directory, attach all and pin links and maps under `DIRECTORY/subject`.

#![no_std]
#![no_main]

#[path = "../../../small/src/memory.rs"]
mod memory;
mod start;

use core::fmt::Write as _;

use preload_macros::bpf_preload;
use preload_runtime::Error;
use preload_runtime::bare::Stderr;

#[bpf_preload("subject.bpf.o")]
mod subject {}

/// The exit status; what went wrong is written to standard error.
fn main(directory: Option<&'static core::ffi::CStr>) -> i32 {
    let result = match directory {
        Some(directory) => subject::preload(directory),
        None => subject::Skel::open().load().map(drop),
    };
    result.map_or_else(report, |()| 0)
}

#[cold]
fn report(error: Error) -> i32 {
    let _ = writeln!(Stderr, "{error}");
    1
}
