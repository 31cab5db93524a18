//! The job with libbpf-rs and the skeleton of libbpf-cargo.
//!
//! `subject [DIRECTORY]`: load; with a directory, attach all and pin links and maps under `DIRECTORY/subject`.

use std::error::Error;
use std::mem::MaybeUninit;
use std::path::PathBuf;

use libbpf_rs::MapCore as _;
use libbpf_rs::skel::{OpenSkel as _, Skel as _, SkelBuilder as _};

#[allow(warnings, reason = "generated")]
mod subject {
    include!(concat!(env!("OUT_DIR"), "/subject.skel.rs"));
}

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args_os().nth(1).map(|parent| PathBuf::from(parent).join("subject"));
    let mut storage = MaybeUninit::uninit();
    let mut skeleton = subject::SubjectSkelBuilder::default().open(&mut storage)?.load()?;
    let Some(directory) = directory else { return Ok(()) };

    std::fs::create_dir(&directory)?;
    for program in skeleton.object().progs_mut() {
        let mut link = program.attach()?;
        link.pin(directory.join(program.name()))?;
    }
    for mut map in skeleton.object_mut().maps_mut() {
        let name = map.name().to_owned();
        if !name.to_string_lossy().contains('.') {
            map.pin(directory.join(name))?;
        }
    }
    Ok(())
}
