//! The job with this project, the programs loaded from inside the kernel.
//!
//! `subject [DIRECTORY]`: load; with a directory, attach all and pin links and maps under `DIRECTORY/subject`.

use std::path::Path;

use preload_macros::bpf_preload;
use preload_runtime::Error;

#[bpf_preload("subject.bpf.o", in_kernel)]
mod subject {}

fn main() -> Result<(), Error> {
    let mut skel = subject::Skel::open().load_in_kernel()?;
    if let Some(directory) = std::env::args_os().nth(1) {
        let _none = skel.attach()?;
        skel.pin(Path::new(&directory).join("subject"))?;
    }
    Ok(())
}
