//! Directories by descriptor: names in them, and nothing that a path could lead to instead.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use core::ffi::CStr;

use super::raw::{Call, syscall};
use super::{Errno, Fd, process};

/// `AT_FDCWD`: relative paths start at the working directory.
const HERE: usize = -100_isize as usize;
const O_CLOEXEC: usize = 0o2_000_000;
/// The values of both differ on aarch64, which has its own order of these flags.
const O_DIRECTORY: usize = if cfg!(target_arch = "aarch64") { 0o40_000 } else { 0o200_000 };
const O_NOFOLLOW: usize = if cfg!(target_arch = "aarch64") { 0o100_000 } else { 0o400_000 };
const AT_REMOVEDIR: usize = 0x200;
const AT_SYMLINK_NOFOLLOW: usize = 0x100;
const AT_EMPTY_PATH: usize = 0x1000;
const STATX_UID: usize = 8;
const STATX_INO: usize = 0x100;
const RENAME_NOREPLACE: usize = 1;
const RENAME_EXCHANGE: usize = 2;
const LOCK_EX: usize = 2;
const LOCK_NB: usize = 4;

fn address(path: &CStr) -> usize {
    path.as_ptr() as usize
}

/// Opens a directory by path; symbolic links on the way are followed.
pub(crate) fn open(path: &CStr) -> Result<Fd, Errno> {
    // SAFETY: the path ends with a NUL.
    Fd::new(unsafe { syscall(Call::Openat, [HERE, address(path), O_CLOEXEC | O_DIRECTORY, 0, 0]) }?)
}

/// Opens a directory in another one; `ENOTDIR` or `ELOOP` when it is a symbolic link.
pub(crate) fn open_in(parent: &Fd, name: &CStr) -> Result<Fd, Errno> {
    let flags = O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW;
    // SAFETY: the name ends with a NUL.
    Fd::new(unsafe { syscall(Call::Openat, [parent.raw() as usize, address(name), flags, 0, 0]) }?)
}

/// Locks a directory against others that do so (`flock`): at once, or when they are done.
pub(crate) fn lock(directory: &Fd, wait: bool) -> Result<(), Errno> {
    let operation = LOCK_EX | if wait { 0 } else { LOCK_NB };
    loop {
        // SAFETY: no argument is an address.
        match unsafe { syscall(Call::Flock, [directory.raw() as usize, operation, 0, 0, 0]) } {
            Err(Errno::EINTR) => {}
            result => return result.map(drop),
        }
    }
}

/// Lets go of the lock. Closing would do so only when no other process has the descriptor, and one that is being forked does for a
/// moment.
pub(crate) fn unlock(directory: &Fd) {
    const LOCK_UN: usize = 8;
    if process::is_ending() {
        return;
    }
    // SAFETY: no argument is an address. A failure leaves it to the closing.
    let _ = unsafe { syscall(Call::Flock, [directory.raw() as usize, LOCK_UN, 0, 0, 0]) };
}

pub(crate) fn make(parent: &Fd, name: &CStr, mode: u32) -> Result<(), Errno> {
    // SAFETY: the name ends with a NUL.
    unsafe { syscall(Call::Mkdirat, [parent.raw() as usize, address(name), mode as usize, 0, 0]) }.map(drop)
}

pub(crate) fn remove(parent: &Fd, name: &CStr) -> Result<(), Errno> {
    // SAFETY: the name ends with a NUL.
    unsafe { syscall(Call::Unlinkat, [parent.raw() as usize, address(name), AT_REMOVEDIR, 0, 0]) }.map(drop)
}

pub(crate) fn remove_file(parent: &Fd, name: &CStr) -> Result<(), Errno> {
    // SAFETY: the name ends with a NUL.
    unsafe { syscall(Call::Unlinkat, [parent.raw() as usize, address(name), 0, 0, 0]) }.map(drop)
}

/// Renames inside a directory; something that is there already stays and gives `EEXIST`.
pub(crate) fn rename(parent: &Fd, from: &CStr, to: &CStr) -> Result<(), Errno> {
    rename_with(parent, from, to, RENAME_NOREPLACE)
}

/// Exchanges two names of a directory in one step (in a bpffs: 6.1, `EINVAL` before).
pub(crate) fn exchange(parent: &Fd, one: &CStr, other: &CStr) -> Result<(), Errno> {
    rename_with(parent, one, other, RENAME_EXCHANGE)
}

fn rename_with(parent: &Fd, from: &CStr, to: &CStr, flags: usize) -> Result<(), Errno> {
    let parent = parent.raw() as usize;
    // SAFETY: both names end with a NUL.
    unsafe { syscall(Call::Renameat2, [parent, address(from), parent, address(to), flags]) }.map(drop)
}

pub(crate) fn symlink(parent: &Fd, name: &CStr, target: &CStr) -> Result<(), Errno> {
    let args = [address(target), parent.raw() as usize, address(name), 0, 0];
    // SAFETY: both end with a NUL.
    unsafe { syscall(Call::Symlinkat, args) }.map(drop)
}

/// Reads a symbolic link; as much as fits, no NUL behind.
pub(crate) fn read_symlink<'b>(parent: &Fd, name: &CStr, buffer: &'b mut [u8]) -> Result<&'b [u8], Errno> {
    let args = [parent.raw() as usize, address(name), buffer.as_mut_ptr() as usize, buffer.len(), 0];
    // SAFETY: the name ends with a NUL, the buffer is writable for its length.
    let len = unsafe { syscall(Call::Readlinkat, args) }?;
    Ok(buffer.get(..len).unwrap_or_default())
}

pub(crate) fn change_mode(parent: &Fd, name: &CStr, mode: u32) -> Result<(), Errno> {
    // SAFETY: the name ends with a NUL.
    unsafe { syscall(Call::Fchmodat, [parent.raw() as usize, address(name), mode as usize, 0, 0]) }.map(drop)
}

pub(crate) fn change_owner(parent: &Fd, name: &CStr, user: u32, group: u32) -> Result<(), Errno> {
    let args = [parent.raw() as usize, address(name), user as usize, group as usize, AT_SYMLINK_NOFOLLOW];
    // SAFETY: the name ends with a NUL.
    unsafe { syscall(Call::Fchownat, args) }.map(drop)
}

/// The user that owns a name.
pub(crate) fn owner(parent: &Fd, name: &CStr) -> Result<u32, Errno> {
    // The sixth word.
    statx(parent, name, STATX_UID).map(|statx| statx[5])
}

/// The number of the inode that has a name; of the directory itself for the empty name.
pub(crate) fn inode(parent: &Fd, name: &CStr) -> Result<u64, Errno> {
    // The ninth and tenth word, the low one first.
    statx(parent, name, STATX_INO).map(|statx| u64::from(statx[8]) | u64::from(statx[9]) << 32)
}

/// `struct statx`, of 256 bytes, with the fields that are asked for.
fn statx(parent: &Fd, name: &CStr, mask: usize) -> Result<[u32; 64], Errno> {
    let mut statx = [0_u32; 64];
    let flags = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH;
    let args = [parent.raw() as usize, address(name), flags, mask, statx.as_mut_ptr() as usize];
    // SAFETY: the name ends with a NUL, the buffer holds the struct.
    unsafe { syscall(Call::Statx, args) }?;
    Ok(statx)
}

/// Some of the names in a directory: as many as fit the buffer, none at the end. `.` and `..` are left out.
pub(crate) fn names<'b>(directory: &Fd, buffer: &'b mut [u8]) -> Result<Names<'b>, Errno> {
    let args = [directory.raw() as usize, buffer.as_mut_ptr() as usize, buffer.len(), 0, 0];
    // SAFETY: the buffer is writable for its length.
    let len = unsafe { syscall(Call::Getdents64, args) }?;
    Ok(Names { rest: buffer.get(..len).unwrap_or_default() })
}

/// The entries of a buffer of `getdents64`.
pub(crate) struct Names<'b> {
    rest: &'b [u8],
}

impl Names<'_> {
    /// Whether the directory had nothing more to say, not even `.` and `..`.
    pub(crate) fn is_end(&self) -> bool {
        self.rest.is_empty()
    }
}

impl<'b> Iterator for Names<'b> {
    type Item = &'b CStr;

    fn next(&mut self) -> Option<&'b CStr> {
        // `struct linux_dirent64`: inode and offset (8 bytes each), length of the record (2), type (1), name.
        const LENGTH: usize = 16;
        const NAME: usize = 19;
        loop {
            let length = self.rest.get(LENGTH..LENGTH + 2)?;
            let length = usize::from(u16::from_le_bytes([length[0], length[1]]));
            let (entry, rest) = self.rest.split_at_checked(length)?;
            self.rest = rest;
            let name = CStr::from_bytes_until_nul(entry.get(NAME..)?).ok()?;
            if !matches!(name.to_bytes(), b"." | b"..") {
                return Some(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CString;
    use std::fs::{self, File};
    use std::os::fd::OwnedFd;
    use std::os::unix::fs::MetadataExt;
    use std::string::String;

    use super::*;

    #[test]
    fn the_words_of_statx_are_what_the_standard_library_reads() {
        let path = env!("CARGO_MANIFEST_DIR");
        let directory = Fd::try_from(OwnedFd::from(File::open(path).unwrap())).unwrap();
        for name in ["", "Cargo.toml", "src"] {
            let metadata = fs::metadata(String::from(path) + "/" + name).unwrap();
            let name = CString::new(name).unwrap();
            assert_eq!(inode(&directory, &name), Ok(metadata.ino()));
            assert_eq!(owner(&directory, &name), Ok(metadata.uid()));
        }
    }
}
