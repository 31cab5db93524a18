//! Memory from the kernel, for what is too large or too rare for the stack: there is no allocator here.

#![allow(unsafe_code, reason = "mapped memory is reached through a pointer")]

use core::ptr::NonNull;
use core::slice;

use super::raw::{Call, syscall};
use super::{Errno, Fd};

const PROT_READ: usize = 1;
const PROT_WRITE: usize = 2;
const MAP_PRIVATE: usize = 2;
const MAP_ANONYMOUS: usize = 0x20;
/// Untouched pages cost nothing, so no memory has to be set aside for them.
const MAP_NORESERVE: usize = 0x4000;

/// Mapped memory that is unmapped on drop. Anonymous memory starts as zeros.
pub(crate) struct Memory {
    start: NonNull<u8>,
    len: usize,
    writable: bool,
}

// SAFETY: the mapping is owned and has no tie to the thread that made it.
unsafe impl Send for Memory {}
// SAFETY: shared references only read.
unsafe impl Sync for Memory {}

impl Memory {
    /// Anonymous memory; pages are only there once they are written.
    pub(crate) fn zeroed(len: usize) -> Result<Self, Errno> {
        let args = [
            0,
            len,
            PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
            usize::MAX,
        ];
        // SAFETY: a new private mapping at an address of the kernel's choice touches no memory in use.
        let start = unsafe { syscall(Call::Mmap, args) }?;
        Self::new(start, len, true)
    }

    /// The first `len` bytes of a file that does not change, read-only.
    pub(crate) fn of_file(fd: &Fd, len: usize) -> Result<Self, Errno> {
        let args = [0, len, PROT_READ, MAP_PRIVATE, fd.raw() as usize];
        // SAFETY: as in `zeroed`; the contents are those of a file in sysfs, which are fixed at boot.
        let start = unsafe { syscall(Call::Mmap, args) }?;
        Self::new(start, len, false)
    }

    fn new(start: usize, len: usize, writable: bool) -> Result<Self, Errno> {
        let start = NonNull::new(start as *mut u8).ok_or(Errno::ENOMEM)?;
        Ok(Self { start, len, writable })
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: the mapping is readable, initialised by the kernel and lives as long as `self`; writing needs
        // `&mut self`.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }

    /// The bytes for writing; none of a file.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        let len = if self.writable { self.len } else { 0 };
        // SAFETY: as in `bytes`; `&mut self` is the only way to the memory, and read-only mappings give none.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), len) }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        let args = [self.start.as_ptr() as usize, self.len, 0, 0, 0];
        // SAFETY: the mapping is owned by `self`, and no reference into it outlives `self`. A failure could only
        // leave it in place.
        let _ = unsafe { syscall(Call::Munmap, args) };
    }
}
