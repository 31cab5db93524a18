//! Preloads two iterators that stay: an LSM program forbids to remove their pins, and to unmount the bpffs that they are in.
//!
//! ```text
//! guard [--bpffs DIR]             the bpffs, mounted already; /sys/fs/bpf unless it is said
//! ```
//!
//! The kernel needs `bpf` among its LSMs (`lsm=..,bpf`). There is no way back but a reboot.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use preload_macros::bpf_preload;
use preload_runtime::bpffs;

/// The skeleton of `guard.bpf.o`.
#[bpf_preload("guard.bpf.o")]
pub mod guard {}

/// What is to stay.
#[bpf_preload("iterators.bpf.o")]
pub mod iterators {}

const USAGE: &str = "usage: guard [--bpffs DIR]";

fn main() -> ExitCode {
    let result = arguments().and_then(|bpffs| {
        preload(&bpffs)?;
        println!("pinned for good: {0}/guard, {0}/iterators", bpffs.display());
        Ok(())
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<PathBuf, Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    match &arguments[..] {
        [] => Ok(bpffs::DEFAULT.into()),
        [flag, bpffs] if flag == "--bpffs" => Ok(bpffs.into()),
        _ => Err(USAGE.into()),
    }
}

/// The guard is in force before anything else is there, and armed when all is pinned: nothing can be pinned in that bpffs after it.
fn preload(bpffs: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let guard = guard::Skel::preload(bpffs)?;
    iterators::preload(bpffs)?;

    let bss = guard.maps.bss.map()?;
    bss.fields().own_map.set(guard.maps.bss.id()?);
    bss.fields().device.set(device(bpffs)?);
    Ok(())
}

/// The device of a file system as the kernel writes it for itself.
fn device(directory: &Path) -> std::io::Result<u32> {
    let device = fs::metadata(directory)?.dev();
    // As `stat` has it, the minor number lies on both sides of the major one.
    let (major, minor) = ((device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xfff00));
    Ok((major << 20 | minor) as u32)
}
