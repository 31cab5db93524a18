//! The job with this project, in a program with std.
//!
//! `subject [DIRECTORY]`: load; with a directory, attach all and pin links and maps under `DIRECTORY/subject`.

use preload_macros::bpf_preload;
use preload_runtime::Error;

#[bpf_preload("subject.bpf.o")]
mod subject {}

fn main() -> Result<(), Error> {
    match std::env::args_os().nth(1) {
        Some(directory) => subject::preload(std::path::Path::new(&directory)),
        None => subject::Skel::open().load().map(drop),
    }
}
