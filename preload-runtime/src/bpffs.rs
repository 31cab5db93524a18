//! The file system that pins live in.

use core::fmt::{self, Write};

use crate::error::{Call, Error, ErrorKind, Step};
use crate::path::{AsPath, CPath};
use crate::sys::{Errno, Fd, directory, file, mount};

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
        Error::system(Step::Bpffs, Call::Mount, errno).with_path(&path).with_hint(mount_hint(errno))
    })
}

/// A bpffs that is mounted nowhere (5.2).
///
/// It has no path that others could unmount it at or unlink its pins by, and is there, with all that is pinned
/// in it, as long as its descriptor is open somewhere: in this process, in one that it was sent to, or in the
/// descriptor store of a service manager. As a path it is `/proc/self/fd/N`, so that all that takes a place for
/// pins takes it; a `/proc` must be mounted for that.
///
/// ```no_run
/// use preload_macros::bpf_preload;
/// use preload_runtime::bpffs;
///
/// #[bpf_preload("doc/iterators.bpf.o")]
/// pub mod iterators {}
///
/// # fn main() -> Result<(), preload_runtime::Error> {
/// let place = bpffs::Detached::mount()?;
/// iterators::preload(&place)?;
/// iterators::unload();            // the links are pinned in `place`
/// # Ok(())
/// # }
/// ```
///
/// It does not keep out who may look into the process: root reaches it by `/proc/PID/fd/N` or
/// `pidfd_getfd(2)`, and links by their ids (`BPF_LINK_GET_FD_BY_ID`).
pub struct Detached {
    fd: Fd,
    path: CPath,
}

impl Detached {
    /// Mounts one.
    ///
    /// # Errors
    ///
    /// `EPERM` without `CAP_SYS_ADMIN`, `ENODEV` on a kernel without eBPF.
    pub fn mount() -> Result<Self, Error> {
        let failed = |call, errno| Error::system(Step::Bpffs, call, errno).with_hint(mount_hint(errno));
        let mounted = mount::detached(c"bpf").map_err(|errno| failed(Call::Mount, errno))?;
        // What the kernel returns is a descriptor of a path (`O_PATH`), which service managers do not store. An open
        // directory in the mount keeps it just as well.
        let fd = directory::open_in(&mounted, c".").map_err(|errno| failed(Call::Open, errno))?;
        let invalid = |kind| Error::new(Step::Bpffs, kind);
        let mut path = CPath::new("/proc/self/fd").map_err(invalid)?;
        write!(path, "/{}", fd.raw()).map_err(|_| invalid(ErrorKind::InvalidPath))?;
        Ok(Self { fd, path })
    }

    /// The descriptor of the root directory, which keeps the mount.
    pub fn fd(&self) -> &Fd {
        &self.fd
    }

    /// The descriptor alone, for use without this crate.
    pub fn into_fd(self) -> Fd {
        self.fd
    }
}

impl AsPath for Detached {
    fn path_bytes(&self) -> &[u8] {
        self.path.as_bytes()
    }
}

impl fmt::Debug for Detached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Detached").field(&self.fd).finish()
    }
}

fn mount_hint(errno: Errno) -> Option<&'static str> {
    match errno {
        Errno::EPERM => Some("mounting takes CAP_SYS_ADMIN: run as root"),
        Errno::ENODEV => Some("this kernel was built without CONFIG_BPF_SYSCALL"),
        _ => None,
    }
}

fn path_is_bpffs(path: &CPath) -> Result<bool, Error> {
    let failed = |call, errno| Error::system(Step::Bpffs, call, errno).with_path(path);
    let file = file::open(path.as_c_str()).map_err(|errno| failed(Call::Open, errno))?;
    file::is_bpffs(&file).map_err(|errno| failed(Call::Statfs, errno))
}
