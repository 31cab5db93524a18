//! bpf(2) for what is in maps: one element, the next key, many elements at once.
//!
//! The kernel copies as many bytes as its map has in a key and a value, whatever room there is. So the sizes are the
//! kernel's own, asked for once for each descriptor, and every buffer is held against them.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use core::fmt;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::abi;
use super::bpf::{address, address_mut, bpf, map_info};
use super::{Errno, Fd};
use crate::cpus::Cpus;

/// Map types with a value for each CPU: hash, array, LRU hash, storage of cgroups.
const PER_CPU: [u32; 4] = [5, 6, 10, 21];

/// The descriptor of a map, and what the kernel says of the sizes.
pub(crate) struct MapFd {
    fd: Fd,
    map_type: AtomicU32,
    /// Bytes of a key in the upper half, of a value in the lower; zero while they are not known.
    sizes: AtomicU64,
}

impl fmt::Debug for MapFd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fd.fmt(f)
    }
}

/// What the elements of a map take.
#[derive(Clone, Copy)]
pub(crate) struct Sizes {
    pub(crate) key: usize,
    /// Of the value itself.
    pub(crate) value: usize,
    /// Of the values of all CPUs, each in whole words, where there is one for each; else the same as `value`.
    pub(crate) values: usize,
}

impl MapFd {
    pub(crate) const fn new(fd: Fd) -> Self {
        Self { fd, map_type: AtomicU32::new(0), sizes: AtomicU64::new(0) }
    }

    pub(crate) fn fd(&self) -> &Fd {
        &self.fd
    }

    pub(crate) fn into_fd(self) -> Fd {
        self.fd
    }

    /// The sizes, from the kernel.
    pub(crate) fn sizes(&self) -> Result<Sizes, Errno> {
        let mut sizes = self.sizes.load(Ordering::Acquire);
        if sizes == 0 {
            let info = map_info(&self.fd)?;
            sizes = u64::from(info.key_size) << 32 | u64::from(info.value_size);
            self.map_type.store(info.map_type, Ordering::Relaxed);
            self.sizes.store(sizes, Ordering::Release);
        }
        let map_type = self.map_type.load(Ordering::Relaxed);
        let (key, value) = ((sizes >> 32) as usize, (sizes & 0xffff_ffff) as usize);
        let values = if PER_CPU.contains(&map_type) {
            value.next_multiple_of(8).checked_mul(possible_cpus()?).ok_or(Errno::E2BIG)?
        } else {
            value
        };
        Ok(Sizes { key, value, values })
    }

    fn raw(&self) -> u32 {
        self.fd.raw() as u32
    }

    /// Reads the value of a key (3.19), none for maps without keys.
    pub(crate) fn lookup(&self, key: &[u8], value: &mut [u8], flags: u64) -> Result<(), Errno> {
        self.check(key, value)?;
        let mut attr = abi::MapLookupElem {
            map_fd: self.raw(),
            key: address_or_null(key),
            value: address_mut(value),
            flags,
            ..Default::default()
        };
        // SAFETY: key and value are as long as the map's.
        unsafe { bpf(&mut attr) }.map(drop)
    }

    /// Reads the value of a key and removes it (queues and stacks 4.20, hashes 5.14).
    pub(crate) fn take(&self, key: &[u8], value: &mut [u8], flags: u64) -> Result<(), Errno> {
        self.check(key, value)?;
        let mut attr = abi::MapLookupAndDeleteElem {
            map_fd: self.raw(),
            key: address_or_null(key),
            value: address_mut(value),
            flags,
            ..Default::default()
        };
        // SAFETY: key and value are as long as the map's.
        unsafe { bpf(&mut attr) }.map(drop)
    }

    /// Sets the value of a key (3.19).
    pub(crate) fn update(&self, key: &[u8], value: &[u8], flags: u64) -> Result<(), Errno> {
        self.check(key, value)?;
        let mut attr = abi::MapUpdateElem {
            map_fd: self.raw(),
            key: address_or_null(key),
            value: address(value),
            flags,
            ..Default::default()
        };
        // SAFETY: key and value are as long as the map's.
        unsafe { bpf(&mut attr) }.map(drop)
    }

    /// Removes a key (3.19).
    pub(crate) fn delete(&self, key: &[u8]) -> Result<(), Errno> {
        self.check_key(key)?;
        let mut attr =
            abi::MapDeleteElem { map_fd: self.raw(), key: address_or_null(key), ..Default::default() };
        // SAFETY: the key is as long as the map's.
        unsafe { bpf(&mut attr) }.map(drop)
    }

    /// The key behind another one; the first without one (4.12). `ENOENT` behind the last.
    pub(crate) fn next_key(&self, key: Option<&[u8]>, next: &mut [u8]) -> Result<(), Errno> {
        key.map_or(Ok(()), |key| self.check_key(key))?;
        self.check_key(next)?;
        let mut attr = abi::MapGetNextKey {
            map_fd: self.raw(),
            key: key.map_or(0, address),
            next_key: address_mut(next),
            ..Default::default()
        };
        // SAFETY: both are as long as a key of the map.
        unsafe { bpf(&mut attr) }.map(drop)
    }

    /// Reads many elements (5.6), from the start or from where the cursor of the call before says; writes the next
    /// cursor. How many there were, and whether they were the last; `ENOSPC` when a bucket holds more than there is
    /// room for.
    pub(crate) fn lookup_batch(
        &self,
        from: Option<&[u8]>,
        cursor: &mut [u8],
        keys: &mut [u8],
        values: &mut [u8],
        count: usize,
    ) -> Result<(usize, bool), Errno> {
        let room = self.cursor_size()?;
        if cursor.len() != room || from.is_some_and(|from| from.len() != room) {
            return Err(Errno::EINVAL);
        }
        self.check_many(keys, Some(&*values), count)?;
        let mut attr = abi::MapLookupBatch {
            in_batch: from.map_or(0, address),
            out_batch: address_mut(cursor),
            keys: address_mut(keys),
            values: address_mut(values),
            count: count as u32,
            map_fd: self.raw(),
            ..Default::default()
        };
        // SAFETY: keys and values hold `count` of each, a cursor is as long as the kernel makes any.
        match unsafe { bpf(&mut attr) } {
            Ok(_) => Ok((attr.count as usize, false)),
            Err(Errno::ENOENT) => Ok((attr.count as usize, true)),
            Err(errno) => Err(errno),
        }
    }

    /// Sets many elements (5.6).
    pub(crate) fn update_batch(
        &self,
        keys: &[u8],
        values: &[u8],
        count: usize,
        flags: u64,
    ) -> Result<(), Errno> {
        self.check_many(keys, Some(values), count)?;
        let mut attr = abi::MapUpdateBatch {
            keys: address(keys),
            values: address(values),
            count: count as u32,
            map_fd: self.raw(),
            elem_flags: flags,
            ..Default::default()
        };
        // SAFETY: keys and values hold `count` of each.
        unsafe { bpf(&mut attr) }.map(drop)
    }

    /// Removes many elements (5.6).
    pub(crate) fn delete_batch(&self, keys: &[u8], count: usize) -> Result<(), Errno> {
        self.check_many(keys, None, count)?;
        let mut attr = abi::MapDeleteBatch {
            keys: address(keys),
            count: count as u32,
            map_fd: self.raw(),
            ..Default::default()
        };
        // SAFETY: the keys are so many.
        unsafe { bpf(&mut attr) }.map(drop)
    }

    /// Bytes of a cursor: a key, or the number of a bucket.
    pub(crate) fn cursor_size(&self) -> Result<usize, Errno> {
        Ok(self.sizes()?.key.max(size_of::<u64>()))
    }

    fn check_key(&self, key: &[u8]) -> Result<(), Errno> {
        if self.sizes()?.key == key.len() { Ok(()) } else { Err(Errno::EINVAL) }
    }

    fn check(&self, key: &[u8], value: &[u8]) -> Result<(), Errno> {
        let sizes = self.sizes()?;
        if (sizes.key, sizes.values) == (key.len(), value.len()) { Ok(()) } else { Err(Errno::EINVAL) }
    }

    fn check_many(&self, keys: &[u8], values: Option<&[u8]>, count: usize) -> Result<(), Errno> {
        let sizes = self.sizes()?;
        let fit = |size: usize, bytes: &[u8]| size.checked_mul(count) == Some(bytes.len());
        let all = u32::try_from(count).is_ok()
            && fit(sizes.key, keys)
            && values.is_none_or(|values| fit(sizes.values, values));
        if all { Ok(()) } else { Err(Errno::EINVAL) }
    }
}

/// A map without keys wants none.
fn address_or_null(key: &[u8]) -> u64 {
    if key.is_empty() { 0 } else { address(key) }
}

/// How many CPUs there can be: so many values has an element of a per-CPU map. It does not change.
pub(crate) fn possible_cpus() -> Result<usize, Errno> {
    static KNOWN: AtomicU32 = AtomicU32::new(0);
    let mut known = KNOWN.load(Ordering::Relaxed);
    if known == 0 {
        known = Cpus::possible()?.count;
        KNOWN.store(known, Ordering::Relaxed);
    }
    Ok(known as usize)
}
