//! A directory of a bpffs, held by descriptor: what happens in it happens there, wherever its path leads by then.

use core::cell::Cell;
use core::ffi::CStr;

use crate::error::{Call, Error, ErrorKind, Step};
use crate::path::CPath;
use crate::sys::{Errno, Fd, bpf, directory as sys, file};

/// Names are read this many bytes at a time.
const NAMES: usize = 4096;

pub(crate) struct Directory {
    fd: Fd,
    /// Where it was found, for messages, and for kernels that cannot pin by descriptor.
    path: CPath,
    /// Whether the kernel has refused to pin by descriptor: it is not asked again.
    by_path: Cell<bool>,
}

impl Directory {
    /// Opens a directory by path, and refuses one that is not in a bpffs.
    pub(crate) fn open(path: CPath) -> Result<Self, Error> {
        let failed = |call, errno| Error::system(Step::Bpffs, call, errno).with_path(&path);
        let fd = sys::open(path.as_c_str()).map_err(|errno| failed(Call::Open, errno))?;
        match file::is_bpffs(&fd) {
            Ok(true) => Ok(Self { fd, path, by_path: Cell::new(false) }),
            Ok(false) => Err(Error::new(Step::Bpffs, ErrorKind::NotBpffs).with_path(&path)),
            Err(errno) => Err(failed(Call::Statfs, errno)),
        }
    }

    /// Opens a directory in this one; none when nothing is there.
    pub(crate) fn child(&self, name: &CStr, step: Step) -> Result<Option<Self>, Error> {
        match sys::open_in(&self.fd, name) {
            Ok(fd) => Ok(Some(Self { fd, path: self.path_of(name, step)?, by_path: Cell::new(false) })),
            Err(Errno::ENOENT) => Ok(None),
            Err(errno) => {
                let hint = matches!(errno, Errno::ENOTDIR | Errno::ELOOP)
                    .then_some("something that is not a directory has that name");
                Err(self.failed(step, Call::Open, errno, name).with_hint(hint))
            }
        }
    }

    /// Makes a directory in this one.
    pub(crate) fn make_child(&self, name: &CStr, mode: u32, step: Step) -> Result<Self, Error> {
        sys::make(&self.fd, name, mode).map_err(|errno| self.failed(step, Call::Mkdir, errno, name))?;
        match self.child(name, step) {
            Ok(Some(child)) => Ok(child),
            result => {
                // It was made a moment ago; whatever keeps it from being opened, it is empty.
                let _ = sys::remove(&self.fd, name);
                Err(result.err().unwrap_or_else(|| self.failed(step, Call::Open, Errno::ENOENT, name)))
            }
        }
    }

    /// Keeps others that do the same away until [`unlock`](Self::unlock) (`flock`), or until the process dies.
    pub(crate) fn lock(&self, wait: bool, step: Step) -> Result<(), Error> {
        sys::lock(&self.fd, wait).map_err(|errno| {
            let hint = (errno == Errno::EAGAIN).then_some(
                "another preloader is at work there: try again, or wait for it with `Preload::wait`",
            );
            Error::system(step, Call::Flock, errno).with_path(&self.path).with_hint(hint)
        })
    }

    pub(crate) fn unlock(&self) {
        sys::unlock(&self.fd);
    }

    /// Pins an object under a name, by descriptor where the kernel can (6.5), else by path.
    pub(crate) fn pin(&self, object: &Fd, item: &'static str, name: &CStr) -> Result<(), Error> {
        let by_descriptor =
            if self.by_path.get() { Err(Errno::EINVAL) } else { bpf::obj_pin(object, Some(&self.fd), name) };
        let result = match by_descriptor {
            Err(Errno::EINVAL | Errno::E2BIG) => {
                self.by_path.set(true);
                bpf::obj_pin(object, None, self.path_of(name, Step::Pin)?.as_c_str())
            }
            result => result,
        };
        result.map_err(|errno| self.failed(Step::Pin, Call::ObjPin, errno, name).with_item(item))
    }

    /// Opens what is pinned under a name; none when nothing is there.
    pub(crate) fn get(&self, item: &'static str, name: &CStr, step: Step) -> Result<Option<Fd>, Error> {
        let result = match bpf::obj_get(Some(&self.fd), name) {
            Err(Errno::EINVAL | Errno::E2BIG) => bpf::obj_get(None, self.path_of(name, step)?.as_c_str()),
            result => result,
        };
        match result {
            Ok(fd) => Ok(Some(fd)),
            Err(Errno::ENOENT) => Ok(None),
            Err(errno) => Err(self.failed(step, Call::ObjGet, errno, name).with_item(item)),
        }
    }

    /// Removes a file; one that is gone already is as good.
    pub(crate) fn unlink(&self, name: &CStr) -> Result<(), Error> {
        match sys::remove_file(&self.fd, name) {
            Ok(()) | Err(Errno::ENOENT) => Ok(()),
            Err(errno) => Err(self.failed(Step::Unpin, Call::Unlink, errno, name)),
        }
    }

    /// Removes an empty directory.
    pub(crate) fn remove_child(&self, name: &CStr) -> Result<(), Error> {
        sys::remove(&self.fd, name).map_err(|errno| {
            let hint = (errno == Errno::ENOTEMPTY).then_some("it holds something that is not of this object");
            self.failed(Step::Unpin, Call::Rmdir, errno, name).with_hint(hint)
        })
    }

    pub(crate) fn rename(&self, from: &CStr, to: &CStr, step: Step) -> Result<(), Error> {
        sys::rename(&self.fd, from, to).map_err(|errno| self.failed(step, Call::Rename, errno, to))
    }

    /// Exchanges two names in one step; the kernel's refusal where it cannot (before 6.1) is left to the caller.
    pub(crate) fn exchange(&self, one: &CStr, other: &CStr) -> Result<(), Errno> {
        sys::exchange(&self.fd, one, other)
    }

    pub(crate) fn symlink(&self, name: &CStr, target: &CStr) -> Result<(), Error> {
        sys::symlink(&self.fd, name, target)
            .map_err(|errno| self.failed(Step::Pin, Call::Symlink, errno, name))
    }

    /// What a symbolic link says; none when there is no symbolic link of that name.
    pub(crate) fn read_symlink<'b>(
        &self,
        name: &CStr,
        buffer: &'b mut [u8],
        step: Step,
    ) -> Result<Option<&'b [u8]>, Error> {
        match sys::read_symlink(&self.fd, name, buffer) {
            Ok(target) => Ok(Some(target)),
            Err(Errno::ENOENT | Errno::EINVAL) => Ok(None),
            Err(errno) => Err(self.failed(step, Call::Readlink, errno, name)),
        }
    }

    pub(crate) fn change_mode(&self, name: &CStr, mode: u32) -> Result<(), Error> {
        sys::change_mode(&self.fd, name, mode)
            .map_err(|errno| self.failed(Step::Pin, Call::Chmod, errno, name))
    }

    pub(crate) fn change_owner(&self, name: &CStr, user: u32, group: u32) -> Result<(), Error> {
        sys::change_owner(&self.fd, name, user, group)
            .map_err(|errno| self.failed(Step::Pin, Call::Chown, errno, name))
    }

    /// The user that owns a name; none when there is no such name.
    pub(crate) fn owner(&self, name: &CStr, step: Step) -> Result<Option<u32>, Error> {
        match sys::owner(&self.fd, name) {
            Ok(user) => Ok(Some(user)),
            Err(Errno::ENOENT) => Ok(None),
            Err(errno) => Err(self.failed(step, Call::Statx, errno, name)),
        }
    }

    /// Whether a name in this directory is that of the open directory `child`.
    pub(crate) fn leads_to(&self, name: &CStr, child: &Self, step: Step) -> Result<bool, Error> {
        let failed = |errno| self.failed(step, Call::Statx, errno, name);
        let open = sys::inode(&child.fd, c"").map_err(failed)?;
        match sys::inode(&self.fd, name) {
            Ok(named) => Ok(named == open),
            Err(Errno::ENOENT) => Ok(false),
            Err(errno) => Err(failed(errno)),
        }
    }

    /// Where it was found.
    pub(crate) fn path(&self) -> &CPath {
        &self.path
    }

    /// Shows all names in this directory to `look`, until it returns an error.
    pub(crate) fn names(
        &self,
        step: Step,
        look: &mut dyn FnMut(&CStr) -> Result<(), Error>,
    ) -> Result<(), Error> {
        // A descriptor of its own starts at the beginning.
        let fd = sys::open_in(&self.fd, c".").map_err(|errno| self.failed(step, Call::Open, errno, c"."))?;
        let mut buffer = [0; NAMES];
        loop {
            let names = sys::names(&fd, &mut buffer)
                .map_err(|errno| self.failed(step, Call::Getdents, errno, c"."))?;
            if names.is_end() {
                return Ok(());
            }
            for name in names {
                look(name)?;
            }
        }
    }

    /// An error about a name in this directory.
    pub(crate) fn error(&self, step: Step, kind: ErrorKind, name: &CStr) -> Error {
        self.locate(Error::new(step, kind), name)
    }

    /// Adds the path of a name in this directory to an error.
    pub(crate) fn locate(&self, error: Error, name: &CStr) -> Error {
        match self.path.join(name.to_bytes()) {
            Ok(path) => error.with_path(&path),
            Err(_) => error.with_path(&self.path),
        }
    }

    /// The error for a name that is not there.
    pub(crate) fn missing(&self, step: Step, name: &CStr) -> Error {
        self.failed(step, Call::Open, Errno::ENOENT, name).with_hint(Some("nothing is pinned there"))
    }

    fn failed(&self, step: Step, call: Call, errno: Errno, name: &CStr) -> Error {
        self.locate(Error::system(step, call, errno), name)
    }

    fn path_of(&self, name: &CStr, step: Step) -> Result<CPath, Error> {
        self.path.join(name.to_bytes()).map_err(|kind| Error::new(step, kind).with_path(&self.path))
    }
}
