//! The file system that pins live in.

use crate::error::{Call, Error, Step};
use crate::path::{AsPath, CPath};
use crate::sys::{Errno, file};

/// Where systems mount the bpffs by convention.
pub const DEFAULT: &str = "/sys/fs/bpf";

/// Whether a path lies in a bpffs.
///
/// # Errors
///
/// What `statfs(2)` returns, `ENOENT` for a path that is not there.
pub fn is_bpffs(path: impl AsPath) -> Result<bool, Error> {
    let path = CPath::new(path).map_err(|kind| Error::new(Step::Bpffs, kind))?;
    path_is_bpffs(&path)
}

/// Mounts a bpffs at a directory (4.4), unless there is one already: mode 0700, no set-user-id, no devices,
/// no execution.
///
/// Nothing in this crate mounts by itself.
///
/// # Errors
///
/// `ENOENT` when the directory is not there, `EPERM` without `CAP_SYS_ADMIN`.
pub fn mount(directory: impl AsPath) -> Result<(), Error> {
    let path = CPath::new(directory).map_err(|kind| Error::new(Step::Bpffs, kind))?;
    if path_is_bpffs(&path)? {
        return Ok(());
    }
    file::mount_bpffs(path.as_c_str()).map_err(|errno| {
        let hint = match errno {
            Errno::EPERM => Some("mounting takes CAP_SYS_ADMIN: run as root"),
            Errno::ENODEV => Some("this kernel was built without CONFIG_BPF_SYSCALL"),
            _ => None,
        };
        Error::system(Step::Bpffs, Call::Mount, errno).with_path(&path).with_hint(hint)
    })
}

fn path_is_bpffs(path: &CPath) -> Result<bool, Error> {
    let failed = |call, errno| Error::system(Step::Bpffs, call, errno).with_path(path);
    let file = file::open(path.as_c_str()).map_err(|errno| failed(Call::Open, errno))?;
    file::is_bpffs(&file).map_err(|errno| failed(Call::Statfs, errno))
}
