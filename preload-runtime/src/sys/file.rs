//! Files, as far as the kernel's BTF and the place for pins need them.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use core::ffi::CStr;

use super::raw::{Call, syscall};
use super::{Errno, Fd, process};

/// `AT_FDCWD`: relative paths start at the working directory.
const HERE: usize = -100_isize as usize;
const O_CLOEXEC: usize = 0o2_000_000;
const SEEK_END: usize = 2;
/// `BPF_FS_MAGIC` of `linux/magic.h`.
const BPF_FS_MAGIC: u64 = 0xcafe_4a11;
const MS_NOSUID: usize = 2;
const MS_NODEV: usize = 4;
const MS_NOEXEC: usize = 8;

fn address(path: &CStr) -> usize {
    path.as_ptr() as usize
}

/// Closes a descriptor; there is nothing to be done about an error.
#[inline(never)]
pub(super) fn close(raw: i32) {
    if process::is_ending() {
        return;
    }
    // SAFETY: called by the owner of the descriptor on its way out.
    let _ = unsafe { syscall(Call::Close, [raw as usize, 0, 0, 0, 0]) };
}

pub(crate) fn open(path: &CStr) -> Result<Fd, Errno> {
    // SAFETY: the path ends with a NUL.
    Fd::new(unsafe { syscall(Call::Openat, [HERE, address(path), O_CLOEXEC, 0, 0]) }?)
}

/// Opens a file by its path in a directory.
pub(crate) fn open_in(directory: &Fd, path: &CStr) -> Result<Fd, Errno> {
    let args = [directory.raw() as usize, address(path), O_CLOEXEC, 0, 0];
    // SAFETY: the path ends with a NUL.
    Fd::new(unsafe { syscall(Call::Openat, args) }?)
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

/// Reads at an offset; 0 at the end of the file.
#[cfg(feature = "uprobes")]
pub(crate) fn read_at(fd: &Fd, buffer: &mut [u8], offset: u64) -> Result<usize, Errno> {
    loop {
        let args = [fd.raw() as usize, buffer.as_mut_ptr() as usize, buffer.len(), offset as usize, 0];
        // SAFETY: the buffer is writable for its length.
        match unsafe { syscall(Call::Pread64, args) } {
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

/// Whether an open file lies in a bpffs.
pub(crate) fn is_bpffs(file: &Fd) -> Result<bool, Errno> {
    Ok(file_system(file)? == BPF_FS_MAGIC)
}

/// The magic number of the file system that an open file lies in.
pub(crate) fn file_system(file: &Fd) -> Result<u64, Errno> {
    // `struct statfs` of 64-bit machines has 15 words, the first of which is the magic number.
    let mut statfs = [0_u64; 16];
    // SAFETY: the buffer holds the struct.
    unsafe { syscall(Call::Fstatfs, [file.raw() as usize, statfs.as_mut_ptr() as usize, 0, 0, 0]) }?;
    Ok(statfs[0])
}

pub(crate) fn mount_bpffs(path: &CStr) -> Result<(), Errno> {
    const BPF: &CStr = c"bpf";
    // The kernel's default lets everyone make names in it, which could be those that a preload wants.
    const OPTIONS: &CStr = c"mode=0700";
    let flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    let args = [address(BPF), address(path), address(BPF), flags, address(OPTIONS)];
    // SAFETY: all four strings end with a NUL.
    unsafe { syscall(Call::Mount, args) }.map(drop)
}
