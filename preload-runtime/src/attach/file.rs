//! Cgroups, network namespaces and devices: by path or by descriptor.

use crate::error::{Call, Error, Lossy, Step};
use crate::path::CPath;
use crate::sys::{Errno, Fd, directory, file};
use crate::target::File;

/// `CGROUP2_SUPER_MAGIC` and `CGROUP_SUPER_MAGIC` of `linux/magic.h`.
const CGROUP2: u64 = 0x6367_7270;
const CGROUP1: u64 = 0x0027_e0eb;
/// `NSFS_MAGIC`.
const NAMESPACES: u64 = 0x6e73_6673;

/// An open file.
pub(super) struct Opened<'a> {
    file: File<'a>,
    own: Option<Fd>,
}

impl<'a> Opened<'a> {
    pub(super) fn new(file: File<'a>) -> Result<Self, Error> {
        let own = match file {
            File::Fd(_) => None,
            File::Path(path) => {
                let fd =
                    CPath::new(Bytes(path)).map_err(|kind| Error::new(Step::Attach, kind)).and_then(|path| {
                        file::open(path.as_c_str())
                            .map_err(|errno| Error::system(Step::Attach, Call::Open, errno))
                    });
                Some(fd.map_err(|error| named(error, file))?)
            }
        };
        Ok(Self { file, own })
    }

    /// The descriptor.
    pub(super) fn fd(&self) -> Option<&Fd> {
        match self.file {
            File::Fd(fd) => Some(fd),
            File::Path(_) => self.own.as_ref(),
        }
    }

    /// The descriptor as the kernel takes it.
    pub(super) fn raw(&self) -> u32 {
        self.fd().map_or(u32::MAX, |fd| fd.raw() as u32)
    }

    /// The error of a call that was given the file.
    pub(super) fn failed(&self, call: Call, errno: Errno, hint: Option<&'static str>) -> Error {
        named(Error::system(Step::Attach, call, errno).with_hint(hint), self.file)
    }

    /// Why this is no cgroup that programs can be attached to; nothing when it is one.
    pub(super) fn no_cgroup(&self) -> Option<&'static str> {
        match self.file_system()? {
            CGROUP2 => None,
            CGROUP1 => Some(
                "this is a cgroup of version 1; programs are attached to those of version 2, which may be mounted at \
                 /sys/fs/cgroup/unified",
            ),
            _ => Some(
                "this is not a cgroup: give its directory where cgroup2 is mounted, such as /sys/fs/cgroup/..",
            ),
        }
    }

    /// Why this is no network namespace; nothing when it may be one.
    pub(super) fn no_namespace(&self) -> Option<&'static str> {
        (self.file_system()? != NAMESPACES).then_some(
            "this is not a network namespace: give a path such as /proc/self/ns/net or /run/netns/NAME",
        )
    }

    /// The number of its inode.
    pub(super) fn inode(&self) -> Option<u64> {
        directory::inode(self.fd()?, c"").ok()
    }

    fn file_system(&self) -> Option<u64> {
        file::file_system(self.fd()?).ok()
    }
}

fn named(error: Error, file: File<'_>) -> Error {
    match file {
        File::Path(path) => error.with_target(format_args!("{}", Lossy(path))),
        File::Fd(fd) => error.with_target(format_args!("descriptor {}", fd.raw())),
    }
}

/// The bytes of a path.
struct Bytes<'a>(&'a [u8]);

impl crate::path::AsPath for Bytes<'_> {
    fn path_bytes(&self) -> &[u8] {
        self.0
    }
}
