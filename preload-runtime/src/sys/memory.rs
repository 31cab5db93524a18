//! Memory from the kernel, for what is too large or too rare for the stack: there is no allocator here.

#![allow(unsafe_code, reason = "mapped memory is reached through a pointer")]

use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ptr::NonNull;
use core::slice;

use super::raw::{Call, syscall};
use super::shared::Place;
use super::{Errno, Fd, process};
use crate::data::Layout;

const PROT_READ: usize = 1;
const PROT_WRITE: usize = 2;
const MAP_SHARED: usize = 1;
const MAP_PRIVATE: usize = 2;
/// Linux 4.17.
const MAP_FIXED_NOREPLACE: usize = 0x0010_0000;
const MAP_ANONYMOUS: usize = 0x20;
const MS_ASYNC: usize = 1;
/// Untouched pages cost nothing, so no memory has to be set aside for them.
const MAP_NORESERVE: usize = 0x4000;

/// Bytes of a page. Only aarch64 leaves them to the kernel's build, and there nobody but libc's start-up code is told: an address
/// is refused unless it is that of a page, whatever is there.
pub(crate) fn page_size() -> u32 {
    const SMALLEST: u32 = 4096;
    const SIZES: [u32; 3] = [SMALLEST, 4 * SMALLEST, 16 * SMALLEST];
    if cfg!(not(target_arch = "aarch64")) {
        return SMALLEST;
    }
    let is_page = |&size: &u32| {
        // SAFETY: nothing is written back of no bytes.
        unsafe { syscall(Call::Msync, [size as usize, 0, MS_ASYNC, 0, 0]) }.is_ok()
    };
    SIZES.into_iter().find(is_page).unwrap_or(SMALLEST)
}

/// A mapping, which is taken away on drop.
struct Mapping {
    start: NonNull<u8>,
    len: usize,
}

// SAFETY: the mapping is owned and has no tie to the thread that made it.
unsafe impl Send for Mapping {}
// SAFETY: shared references only read, or write with atomics.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// # Safety
    ///
    /// `protection` includes reading. What is mapped does not change by itself if [`bytes`](Self::bytes) is ever
    /// called, and does not shrink.
    unsafe fn new(len: usize, protection: usize, flags: usize, fd: usize) -> Result<Self, Errno> {
        // SAFETY: a new mapping at an address of the kernel's choice touches no memory in use.
        let start = unsafe { syscall(Call::Mmap, [0, len, protection, flags, fd]) }?;
        Ok(Self { start: NonNull::new(start as *mut u8).ok_or(Errno::ENOMEM)?, len })
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: the mapping is readable, initialised by the kernel and lives as long as `self`; only `&mut`
        // references to its owner write.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl Drop for Mapping {
    #[inline(never)]
    fn drop(&mut self) {
        if process::is_ending() {
            return;
        }
        let args = [self.start.as_ptr() as usize, self.len, 0, 0, 0];
        // SAFETY: the mapping is owned by `self`, and no reference into it outlives `self`. A failure could
        // only leave it in place.
        let _ = unsafe { syscall(Call::Munmap, args) };
    }
}

/// Memory that starts as zeros; pages are only there once they are written.
pub(crate) struct Memory(Mapping);

impl Memory {
    pub(crate) fn zeroed(len: usize) -> Result<Self, Errno> {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
        // SAFETY: readable, and no file.
        unsafe { Mapping::new(len, PROT_READ | PROT_WRITE, flags, usize::MAX) }.map(Self)
    }

    /// Gives up the memory without taking it away.
    pub(super) fn leak(self) -> NonNull<u8> {
        ManuallyDrop::new(self).0.start
    }

    /// Takes over memory again.
    ///
    /// # Safety
    ///
    /// It is what [`leak`](Self::leak) has given up of memory of this length, once, and nothing refers to it.
    pub(super) unsafe fn from_leaked(start: NonNull<u8>, len: usize) -> Self {
        Self(Mapping { start, len })
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.bytes()
    }

    /// The same as whole words.
    pub(crate) fn words(&self) -> &[i32] {
        let len = self.0.len / size_of::<i32>();
        // SAFETY: the mapping starts at a page, is readable for its length and lives as long as `self`; any bytes are
        // an integer.
        unsafe { slice::from_raw_parts(self.0.start.as_ptr().cast(), len) }
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: the mapping is readable and writable, and `&mut self` is the only way to it.
        unsafe { slice::from_raw_parts_mut(self.0.start.as_ptr(), self.0.len) }
    }
}

/// The memory of an arena, at the address that the kernel takes for it from then on.
pub(crate) struct Arena(Mapping);

impl Arena {
    /// Maps all of an arena (6.9); at the address that its definition gives, unless that is 0. `EEXIST` when something else is
    /// there.
    pub(crate) fn map(fd: &Fd, address: u64, len: usize) -> Result<Self, Errno> {
        let flags = MAP_SHARED | if address == 0 { 0 } else { MAP_FIXED_NOREPLACE };
        let args = [address as usize, len, PROT_READ | PROT_WRITE, flags, fd.raw() as usize];
        // SAFETY: the kernel chooses an address that is free, or refuses the one given if it is not.
        let start = unsafe { syscall(Call::Mmap, args) }?;
        Ok(Self(Mapping { start: NonNull::new(start as *mut u8).ok_or(Errno::ENOMEM)?, len }))
    }

    /// Writes its first bytes. The kernel does it, which says so when there is no memory, where a write of our own would be
    /// the end of the process.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Errno> {
        if bytes.len() > self.0.len {
            return Err(Errno::E2BIG);
        }
        // `struct iovec`: address and length.
        let from = [bytes.as_ptr() as usize, bytes.len()];
        let to = [self.0.start.as_ptr() as usize, bytes.len()];
        // SAFETY: no argument is an address.
        let this = unsafe { syscall(Call::Getpid, [0; 5]) }?;
        let args = [this, from.as_ptr() as usize, 1, to.as_ptr() as usize, 1];
        // SAFETY: `from` is a live slice, `to` lies in the mapping, which nothing else refers to; both are passed with their
        // length.
        match unsafe { syscall(Call::ProcessVmWritev, args) }? {
            written if written == bytes.len() => Ok(()),
            _ => Err(Errno::ENOMEM),
        }
    }
}

/// The kernel's own type information, mapped from sysfs, where it is fixed at boot.
pub(crate) struct KernelBtf(Mapping);

impl KernelBtf {
    /// The first `len` bytes of `/sys/kernel/btf/vmlinux` (mapping it: 6.16).
    pub(crate) fn map(fd: &Fd, len: usize) -> Result<Self, Errno> {
        // SAFETY: readable; the file does not change.
        unsafe { Mapping::new(len, PROT_READ, MAP_PRIVATE, fd.raw() as usize) }.map(Self)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.bytes()
    }
}

/// A `T` in memory that others write to, or in a copy of it: only atomics access either while it is borrowed.
pub(crate) struct SharedMemory<T> {
    from: Origin,
    holds: PhantomData<fn() -> T>,
}

enum Origin {
    Map(Mapping),
    Copy(Memory),
}

impl<T: Layout> SharedMemory<T> {
    /// The value of an array map of one element with `BPF_F_MMAPABLE` (5.5), which is at least `len` bytes long. Not
    /// all of them can be mapped for writing. `EINVAL` when that is too short.
    pub(crate) fn map(map: &Fd, len: usize, writable: bool) -> Result<Self, Errno> {
        let protection = if writable { PROT_READ | PROT_WRITE } else { PROT_READ };
        // SAFETY: readable; a map keeps its size, and nobody asks for the bytes of this mapping.
        let mapping = unsafe { Mapping::new(len, protection, MAP_SHARED, map.raw() as usize) }?;
        Self::new(Origin::Map(mapping))
    }

    /// A copy that is already made. `EINVAL` when it is too short.
    pub(crate) fn copy(memory: Memory) -> Result<Self, Errno> {
        Self::new(Origin::Copy(memory))
    }

    fn new(from: Origin) -> Result<Self, Errno> {
        let memory = Self { from, holds: PhantomData };
        if T::SIZE <= memory.mapping().len { Ok(memory) } else { Err(Errno::EINVAL) }
    }

    fn mapping(&self) -> &Mapping {
        match &self.from {
            Origin::Map(mapping) | Origin::Copy(Memory(mapping)) => mapping,
        }
    }

    pub(crate) fn place(&self) -> Place<'_, T> {
        // SAFETY: mapped as long as `self` is there, and long enough, as `new` has seen. While it is borrowed only
        // places lead into it; those to memory that may only be read have no way to store.
        unsafe { Place::new(self.mapping().start) }
    }

    /// The bytes of a copy, which no place leads into meanwhile.
    pub(crate) fn bytes(&mut self) -> Option<&[u8]> {
        match &self.from {
            Origin::Map(_) => None,
            Origin::Copy(memory) => Some(memory.bytes()),
        }
    }
}
