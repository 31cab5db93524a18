//! Files and directories, as far as pins and the kernel's BTF need them.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use core::ffi::CStr;

use super::raw::{Call, syscall};
use super::{Errno, Fd};

/// `AT_FDCWD`: relative paths start at the working directory.
const HERE: usize = -100_isize as usize;
const O_CLOEXEC: usize = 0o2_000_000;
/// The value differs on aarch64, where `O_DIRECT` has taken this one.
const O_DIRECTORY: usize = if cfg!(target_arch = "aarch64") { 0o40_000 } else { 0o200_000 };
const SEEK_END: usize = 2;
const AT_REMOVEDIR: usize = 0x200;
const RENAME_NOREPLACE: usize = 1;
/// `BPF_FS_MAGIC` of `linux/magic.h`.
const BPF_FS_MAGIC: u64 = 0xcafe_4a11;
const MS_NOSUID: usize = 2;
const MS_NODEV: usize = 4;
const MS_NOEXEC: usize = 8;

fn address(path: &CStr) -> usize {
    path.as_ptr() as usize
}

/// Closes a descriptor; there is nothing to be done about an error.
pub(super) fn close(raw: i32) {
    // SAFETY: called by the owner of the descriptor on its way out.
    let _ = unsafe { syscall(Call::Close, [raw as usize, 0, 0, 0, 0]) };
}

pub(crate) fn open(path: &CStr) -> Result<Fd, Errno> {
    // SAFETY: the path ends with a NUL.
    Fd::new(unsafe { syscall(Call::Openat, [HERE, address(path), O_CLOEXEC, 0, 0]) }?)
}

pub(crate) fn open_directory(path: &CStr) -> Result<Fd, Errno> {
    // SAFETY: the path ends with a NUL.
    Fd::new(unsafe { syscall(Call::Openat, [HERE, address(path), O_CLOEXEC | O_DIRECTORY, 0, 0]) }?)
}

/// Reads at the file's position; 0 at its end.
pub(crate) fn read(fd: &Fd, buffer: &mut [u8]) -> Result<usize, Errno> {
    loop {
        let args = [fd.raw() as usize, buffer.as_mut_ptr() as usize, buffer.len(), 0, 0];
        // SAFETY: the buffer is writable for its length.
        match unsafe { syscall(Call::Read, args) } {
            Err(Errno::EINTR) => {}
            result => return result,
        }
    }
}

/// The size of a file, by seeking; the position is at the end afterwards.
pub(crate) fn size(fd: &Fd) -> Result<usize, Errno> {
    // SAFETY: no argument is an address.
    unsafe { syscall(Call::Lseek, [fd.raw() as usize, 0, SEEK_END, 0, 0]) }
}

pub(crate) fn rewind(fd: &Fd) -> Result<(), Errno> {
    // SAFETY: no argument is an address.
    unsafe { syscall(Call::Lseek, [fd.raw() as usize, 0, 0, 0, 0]) }.map(drop)
}

pub(crate) fn make_directory(path: &CStr, mode: u32) -> Result<(), Errno> {
    // SAFETY: the path ends with a NUL.
    unsafe { syscall(Call::Mkdirat, [HERE, address(path), mode as usize, 0, 0]) }.map(drop)
}

pub(crate) fn remove_directory(path: &CStr) -> Result<(), Errno> {
    // SAFETY: the path ends with a NUL.
    unsafe { syscall(Call::Unlinkat, [HERE, address(path), AT_REMOVEDIR, 0, 0]) }.map(drop)
}

pub(crate) fn remove_file(path: &CStr) -> Result<(), Errno> {
    // SAFETY: the path ends with a NUL.
    unsafe { syscall(Call::Unlinkat, [HERE, address(path), 0, 0, 0]) }.map(drop)
}

/// Renames; something that is there already stays and gives `EEXIST`.
pub(crate) fn rename_new(from: &CStr, to: &CStr) -> Result<(), Errno> {
    let args = [HERE, address(from), HERE, address(to), RENAME_NOREPLACE];
    // SAFETY: both paths end with a NUL.
    unsafe { syscall(Call::Renameat2, args) }.map(drop)
}

/// Whether a path lies in a bpffs.
pub(crate) fn is_bpffs(path: &CStr) -> Result<bool, Errno> {
    // `struct statfs` of 64-bit machines has 15 words, the first of which is the magic number.
    let mut statfs = [0_u64; 16];
    let args = [address(path), statfs.as_mut_ptr() as usize, 0, 0, 0];
    // SAFETY: the path ends with a NUL, and the buffer holds the struct.
    unsafe { syscall(Call::Statfs, args) }?;
    Ok(statfs[0] == BPF_FS_MAGIC)
}

pub(crate) fn mount_bpffs(path: &CStr) -> Result<(), Errno> {
    const BPF: &CStr = c"bpf";
    let flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    let args = [address(BPF), address(path), address(BPF), flags, 0];
    // SAFETY: all three strings end with a NUL; there are no options.
    unsafe { syscall(Call::Mount, args) }.map(drop)
}
