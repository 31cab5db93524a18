//! Preloads two iterators: files in a bpffs that list the machine's BPF maps and programs whenever they are
//! read.
//!
//! ```text
//! iterators [--bpffs DIR]             preload into DIR/iterators; mounts a bpffs at /sys/fs/bpf if none is there
//! iterators [--bpffs DIR] --show      print what the two files say
//! iterators [--bpffs DIR] --unpin     remove the pins
//! iterators --dry-run                 print what would be done; needs no privilege
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use preload_macros::bpf_preload;
use preload_runtime::bpffs;
use preload_runtime::plan::Plan;

/// The skeleton of `iterators.bpf.o`, made at compile time.
#[bpf_preload("iterators.bpf.o")]
pub mod iterators {}

/// What the command line asks for.
enum Action {
    Preload,
    Show,
    Unpin,
    DryRun,
}

const USAGE: &str = "usage: iterators [--bpffs DIR] [--show | --unpin | --dry-run]";

fn main() -> ExitCode {
    let result = arguments().and_then(|(action, place)| {
        let directory = place.as_deref().unwrap_or(Path::new(bpffs::DEFAULT)).join(iterators::PLAN.directory);
        match action {
            Action::Preload => preload(place.as_deref(), &directory).map_err(|error| error.to_string()),
            Action::Show => show(&directory),
            Action::Unpin => iterators::unpin(place.as_deref().unwrap_or(Path::new(bpffs::DEFAULT)))
                .map_err(|error| error.to_string()),
            Action::DryRun => {
                dry_run(&iterators::PLAN, &directory);
                Ok(())
            }
        }
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<(Action, Option<PathBuf>), String> {
    let (mut action, mut place) = (Action::Preload, None);
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--bpffs") => place = Some(arguments.next().ok_or(USAGE)?.into()),
            Some("--show") => action = Action::Show,
            Some("--unpin") => action = Action::Unpin,
            Some("--dry-run") => action = Action::DryRun,
            _ => return Err(USAGE.into()),
        }
    }
    Ok((action, place))
}

/// The main job. Nothing is mounted at a place that the caller has named.
fn preload(place: Option<&Path>, directory: &Path) -> Result<(), preload_runtime::Error> {
    match place {
        Some(place) => iterators::preload(place)?,
        None => {
            bpffs::mount(bpffs::DEFAULT)?;
            iterators::preload(bpffs::DEFAULT)?;
        }
    }
    for pin in pins(&iterators::PLAN) {
        println!("pinned {}", directory.join(pin).display());
    }
    let option = place.map_or(String::new(), |place| format!("--bpffs {} ", place.display()));
    println!("read them with `cat`, or with `cargo run --example iterators -- {option}--show`");
    println!("remove them with `cargo run --example iterators -- {option}--unpin`");
    Ok(())
}

fn show(directory: &Path) -> Result<(), String> {
    for pin in pins(&iterators::PLAN) {
        let path = directory.join(pin);
        let text =
            fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        print!("{}:\n{text}", path.display());
    }
    Ok(())
}

/// The names of all pins of an object.
fn pins(plan: &Plan) -> impl Iterator<Item = &'static str> {
    plan.programs.iter().filter_map(|program| program.pin).chain(plan.maps.iter().filter_map(|map| map.pin))
}

fn dry_run(plan: &Plan, directory: &Path) {
    println!(
        "object {}, licence {}, BTF {} bytes",
        plan.object,
        plan.license.to_string_lossy(),
        plan.btf.len()
    );
    for map in plan.maps {
        println!(
            "map {}: type {}, key {} bytes, value {} bytes, {} entries{}{}",
            map.name,
            map.map_type,
            map.key_size,
            map.value_size,
            map.max_entries,
            if map.frozen { ", frozen" } else { "" },
            pinned(map.pin, directory),
        );
    }
    for program in plan.programs {
        println!(
            "program {}: {}/{}, type {}, {} instructions, {} CO-RE relocations{}",
            program.name,
            program.section,
            program.target.unwrap_or("?"),
            program.program_type,
            program.insns.len() / 8,
            program.core_relos.len() / 16,
            pinned(program.pin, directory),
        );
    }
}

fn pinned(pin: Option<&str>, directory: &Path) -> String {
    pin.map_or(String::new(), |pin| format!(", pinned as {}", directory.join(pin).display()))
}
