//! `--hold`: pins in a bpffs without a path, which lives as long as this process, or as the service manager keeps its
//! descriptor.
//!
//! The service manager gets the descriptor with the name [`NAME`] for its store (`FileDescriptorStoreMax=` of
//! systemd), and hands it to the next process of the same service. So a restart finds what the process before it has
//! preloaded, and keeps or replaces it as anywhere else.

use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use preload_runtime::{AsPath, Error, bpffs};
use sd_notify::NotifyState;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// What the descriptor is called in the store.
const NAME: &str = "bpffs";

/// A place for pins that only this process knows.
pub(crate) struct Hold {
    path: PathBuf,
    /// Not in the store yet.
    new: Option<bpffs::Detached>,
    signals: Signals,
}

impl Hold {
    /// The place from the store of the service manager, or a new one.
    pub(crate) fn begin() -> Result<Self, String> {
        // From now on a signal is no reason to die half-way.
        let signals =
            Signals::new([SIGTERM, SIGINT]).map_err(|error| format!("cannot wait for signals: {error}"))?;
        let failed = |error: &dyn std::fmt::Display| format!("cannot hold: {error}");
        let stored = sd_notify::listen_fds_with_names().map_err(|error| failed(&error))?;
        for (fd, name) in stored {
            let path = PathBuf::from(format!("/proc/self/fd/{fd}"));
            if name == NAME && bpffs::is_bpffs(&path).map_err(|error| failed(&error))? {
                return Ok(Self { path, new: None, signals });
            }
        }
        let new = bpffs::Detached::mount().map_err(|error: Error| failed(&error))?;
        let path = String::from_utf8_lossy(new.path_bytes()).into_owned();
        Ok(Self { path: path.into(), new: Some(new), signals })
    }

    /// Where to pin.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the place to the service manager, says that all is in place, and waits for the signal to end.
    pub(crate) fn keep(mut self) -> io::Result<()> {
        if let Some(new) = &self.new {
            sd_notify::notify_with_fds(
                &[NotifyState::FdStore, NotifyState::FdName(NAME)],
                &[new.fd().as_fd()],
            )?;
        }
        sd_notify::notify(&[NotifyState::Ready])?;
        let _ended = self.signals.forever().next();
        sd_notify::notify(&[NotifyState::Stopping])
    }
}
