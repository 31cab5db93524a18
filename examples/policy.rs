//! Preloads the policy: from then on, programs are loaded with a signature or not at all.
//!
//! ```text
//! policy [--bpffs DIR] [--keyring SERIAL]       preload into DIR/policy; mounts a bpffs at /sys/fs/bpf if none is there
//! policy [--bpffs DIR] [--keyring SERIAL] --arm the same, and for good: until the machine is restarted
//! policy [--bpffs DIR] --unpin                  remove it, if it was not armed
//! ```
//!
//! It is signed itself, as all that comes behind it has to be: by a key of the kernel's secondary keyring, or of that of `--keyring`.
//! Once it is armed, the kernel's own keyrings count, and the one of `--keyring`, which should be sealed first; see the manual's page
//! `signing`. Sign it with a key of your own: that of the signature beside it was thrown away.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use preload_macros::bpf_preload;
use preload_runtime::{Keyring, Preload, Preloaded, bpffs};

/// The skeleton of `policy.bpf.o`, made at compile time.
#[bpf_preload("policy.bpf.o", signature = "policy.bpf.sig")]
pub mod policy {}

use policy::types::state;

struct Options {
    place: Option<PathBuf>,
    arm: bool,
    unpin: bool,
    keyring: i32,
}

const USAGE: &str = "usage: policy [--bpffs DIR] [[--keyring SERIAL] [--arm] | --unpin]";

fn main() -> ExitCode {
    match arguments().and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Options, String> {
    let mut options = Options { place: None, arm: false, unpin: false, keyring: 0 };
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--bpffs") => options.place = Some(arguments.next().ok_or(USAGE)?.into()),
            Some("--arm") => options.arm = true,
            Some("--unpin") => options.unpin = true,
            Some("--keyring") => {
                let serial = arguments.next().ok_or(USAGE)?;
                options.keyring = serial.to_str().and_then(|serial| serial.parse().ok()).ok_or(USAGE)?;
            }
            _ => return Err(USAGE.into()),
        }
    }
    if options.unpin && (options.arm || options.keyring != 0) {
        return Err(USAGE.into());
    }
    Ok(options)
}

fn run(options: &Options) -> Result<(), String> {
    let place = options.place.as_deref().unwrap_or(Path::new(bpffs::DEFAULT));
    if options.unpin {
        return policy::unpin(place).map_err(|error| error.to_string());
    }
    if options.place.is_none() {
        bpffs::mount(bpffs::DEFAULT).map_err(|error| error.to_string())?;
    }
    let keyring = if options.keyring == 0 { Keyring::Secondary } else { Keyring::Serial(options.keyring) };
    let preloaded = policy::Skel::open().preload(Preload::at(place).keyring(keyring));
    let (Preloaded::New(skel) | Preloaded::Replaced(skel)) = preloaded.map_err(|error| error.to_string())?
    else {
        // Only what is to be kept is, and nothing is.
        return Ok(());
    };
    if options.arm {
        arm(&skel, &place.join(policy::PLAN.directory), options.keyring)?;
    }
    Ok(())
}

/// Says what stays, and lets nobody say anything else from then on.
fn arm(skel: &policy::Skel, directory: &Path, keyring: i32) -> Result<(), String> {
    let metadata = fs::metadata(directory)
        .map_err(|error| format!("cannot look at {}: {error}", directory.display()))?;
    let state = state { device: kernel_device(metadata.dev()), directory: metadata.ino(), keyring, armed: 1 };
    let map = &skel.maps.state;
    map.set(0, &state).and_then(|()| map.freeze()).map_err(|error| error.to_string())
}

/// The number of a device as the kernel has it, from the one that programs get: major numbers are above bit 20.
fn kernel_device(device: u64) -> u64 {
    u64::from(rustix::fs::major(device)) << 20 | u64::from(rustix::fs::minor(device))
}
