//! The job with aya.
//!
//! `subject [DIRECTORY]`: load; with a directory, attach all and pin links and maps under `DIRECTORY/subject`.

use std::error::Error;
use std::path::PathBuf;

use aya::programs::Program;
use aya::programs::links::FdLink;
use aya::{Btf, Ebpf, include_bytes_aligned};

/// Programs, each with the target that aya is told at load.
const TARGETS: &[(&str, &str)] = include!(concat!(env!("BENCH_CASE"), "/targets.rs"));

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args_os().nth(1).map(|parent| PathBuf::from(parent).join("subject"));
    let mut object = Ebpf::load(include_bytes_aligned!(concat!(env!("BENCH_CASE"), "/subject.bpf.o")))?;
    let iterates = object.programs().any(|(_, program)| matches!(program, Program::Iter(_)));
    let btf = if iterates { Some(Btf::from_sys_fs()?) } else { None };
    for (name, target) in TARGETS {
        match (object.program_mut(name).ok_or("no such program")?, &btf) {
            (Program::Iter(program), Some(btf)) => program.load(target, btf)?,
            (Program::RawTracePoint(program), _) => program.load()?,
            _ => return Err("a program of another kind".into()),
        }
    }
    let Some(directory) = directory else { return Ok(()) };

    std::fs::create_dir(&directory)?;
    for (name, _) in TARGETS {
        let Some(Program::Iter(program)) = object.program_mut(name) else { continue };
        let link = program.attach()?;
        let link = FdLink::try_from(program.take_link(link)?)?;
        link.pin(directory.join(name))?;
    }
    for (name, map) in object.maps() {
        if !name.starts_with('.') {
            map.pin(directory.join(name))?;
        }
    }
    Ok(())
}
