//! A bpffs of the comparison's own at the usual place, seen by this process alone.

use rustix::mount::{MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_change, unmount};
use rustix::thread::{UnshareFlags, unshare_unsafe};

/// Where libbpf pins what asks for it.
const PLACE: &str = "/sys/fs/bpf";

/// Takes this process out of the machine's mounts. Before any other thread is there.
#[allow(unsafe_code, reason = "the descriptors of a process could be taken apart; mounts are all that is")]
pub(crate) fn leave_the_machine() -> Result<(), String> {
    // SAFETY: nothing but the mounts is unshared.
    unsafe { unshare_unsafe(UnshareFlags::NEWNS) }.map_err(|error| format!("unshare: {error}"))?;
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)
        .map_err(|error| format!("make / private: {error}"))
}

/// An empty bpffs over what is there; goes with all that is pinned in it.
pub(crate) struct Own(());

impl Own {
    pub(crate) fn mount() -> Result<Self, String> {
        mount("bpf", PLACE, "bpf", MountFlags::empty(), None)
            .map(|()| Self(()))
            .map_err(|error| format!("mount {PLACE}: {error}"))
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        if let Err(error) = unmount(PLACE, UnmountFlags::DETACH) {
            eprintln!("cannot unmount {PLACE}: {error}");
        }
    }
}
