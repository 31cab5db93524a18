//! Memory that the kernel and other threads write to at the same time. What makes it sound is written down where users
//! meet it, at [`Shared`](crate::data::Shared).

#![allow(unsafe_code, reason = "shared memory is reached through a pointer")]

use core::marker::PhantomData;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering};

use crate::data::Layout;

/// So many bytes of shared memory.
#[derive(Clone, Copy)]
pub(crate) struct Window<'a> {
    start: NonNull<u8>,
    len: usize,
    memory: PhantomData<&'a ()>,
}

// SAFETY: all access is atomic, from whichever thread.
unsafe impl Send for Window<'_> {}
// SAFETY: as above.
unsafe impl Sync for Window<'_> {}

impl<'a> Window<'a> {
    /// # Safety
    ///
    /// For `'a` the memory is there: readable, and writable if anything is ever stored through the window or a part
    /// of it. No reference of Rust's leads to it, and nobody in this process accesses it but through windows.
    unsafe fn new(start: NonNull<u8>, len: usize) -> Self {
        Self { start, len, memory: PhantomData }
    }

    /// Reads bytes: 1, 2, 4 or 8 of them at once where they are aligned, else one after the other. What lies outside
    /// reads as zeros.
    #[inline]
    pub(crate) fn load<const N: usize>(self, offset: usize) -> [u8; N] {
        let mut bytes = [0; N];
        let Some(at) = self.at(offset, N) else { return bytes };
        let whole = at.addr().get() % N.max(1) == 0;
        if let (8, Some(chunk), true) = (N, bytes.first_chunk_mut(), whole) {
            // SAFETY: eight aligned bytes inside the window, which only atomics access.
            *chunk = unsafe { AtomicU64::from_ptr(at.as_ptr().cast()) }.load(Ordering::Relaxed).to_ne_bytes();
        } else if let (4, Some(chunk), true) = (N, bytes.first_chunk_mut(), whole) {
            // SAFETY: four of them.
            *chunk = unsafe { AtomicU32::from_ptr(at.as_ptr().cast()) }.load(Ordering::Relaxed).to_ne_bytes();
        } else if let (2, Some(chunk), true) = (N, bytes.first_chunk_mut(), whole) {
            // SAFETY: two of them.
            *chunk = unsafe { AtomicU16::from_ptr(at.as_ptr().cast()) }.load(Ordering::Relaxed).to_ne_bytes();
        } else {
            for (index, byte) in bytes.iter_mut().enumerate() {
                if let Some(at) = self.at(offset + index, 1) {
                    // SAFETY: one byte inside the window.
                    *byte = unsafe { AtomicU8::from_ptr(at.as_ptr()) }.load(Ordering::Relaxed);
                }
            }
        }
        bytes
    }

    /// Writes bytes, as [`load`](Self::load) reads them. What lies outside is not written.
    #[inline]
    pub(crate) fn store<const N: usize>(self, offset: usize, bytes: [u8; N]) {
        let Some(at) = self.at(offset, N) else { return };
        let whole = at.addr().get() % N.max(1) == 0;
        if let (8, Some(&chunk), true) = (N, bytes.first_chunk(), whole) {
            let value = u64::from_ne_bytes(chunk);
            // SAFETY: eight aligned bytes inside the window, which only atomics access.
            unsafe { AtomicU64::from_ptr(at.as_ptr().cast()) }.store(value, Ordering::Relaxed);
        } else if let (4, Some(&chunk), true) = (N, bytes.first_chunk(), whole) {
            let value = u32::from_ne_bytes(chunk);
            // SAFETY: four of them.
            unsafe { AtomicU32::from_ptr(at.as_ptr().cast()) }.store(value, Ordering::Relaxed);
        } else if let (2, Some(&chunk), true) = (N, bytes.first_chunk(), whole) {
            let value = u16::from_ne_bytes(chunk);
            // SAFETY: two of them.
            unsafe { AtomicU16::from_ptr(at.as_ptr().cast()) }.store(value, Ordering::Relaxed);
        } else {
            for (index, byte) in bytes.into_iter().enumerate() {
                if let Some(at) = self.at(offset + index, 1) {
                    // SAFETY: one byte inside the window.
                    unsafe { AtomicU8::from_ptr(at.as_ptr()) }.store(byte, Ordering::Relaxed);
                }
            }
        }
    }

    /// The address of so many bytes inside.
    #[inline]
    fn at(self, offset: usize, len: usize) -> Option<NonNull<u8>> {
        let inside = offset.checked_add(len).is_some_and(|end| end <= self.len);
        // SAFETY: inside the mapping that the window is of.
        inside.then(|| unsafe { self.start.add(offset) })
    }
}

/// Where a `T` lies in shared memory: a pointer, and no more.
pub(crate) struct Place<'a, T> {
    start: NonNull<u8>,
    memory: PhantomData<&'a ()>,
    holds: PhantomData<fn() -> T>,
}

impl<T> Clone for Place<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Place<'_, T> {}

// SAFETY: as for the window it is.
unsafe impl<T> Send for Place<'_, T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Place<'_, T> {}

impl<'a, T> Place<'a, T> {
    /// # Safety
    ///
    /// Behind so many bytes of the place all of a `U` is inside.
    unsafe fn inside<U: Layout>(self, offset: usize) -> Place<'a, U> {
        // SAFETY: so the caller says.
        let start = unsafe { self.start.add(offset) };
        // SAFETY: as above.
        unsafe { Place::new(start) }
    }
}

impl<'a, T: Layout> Place<'a, T> {
    /// # Safety
    ///
    /// As for [`Window::new`], for `T::SIZE` bytes.
    pub(super) unsafe fn new(start: NonNull<u8>) -> Self {
        Self { start, memory: PhantomData, holds: PhantomData }
    }

    /// All of it.
    #[inline]
    pub(crate) fn window(self) -> Window<'a> {
        // SAFETY: all of it is there, as for `Place::new`.
        unsafe { Window::new(self.start, T::SIZE) }
    }

    /// A part of it, which must lie inside.
    #[inline]
    pub(crate) fn part<U: Layout>(self, offset: usize) -> Place<'a, U> {
        assert!(U::SIZE <= T::SIZE && offset <= T::SIZE - U::SIZE, "a field outside of its struct");
        // SAFETY: the assertion.
        unsafe { self.inside(offset) }
    }
}

impl<'a, T: Layout, const N: usize> Place<'a, [T; N]> {
    /// An element; none behind the last.
    #[inline]
    pub(crate) fn element(self, index: usize) -> Option<Place<'a, T>> {
        // SAFETY: the elements lie one behind the other in `N * T::SIZE` bytes.
        (index < N).then(|| unsafe { self.inside(index * T::SIZE) })
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::data::Value;

    /// Memory as the kernel gives it: aligned, shared, not owned by anything of Rust's while it is a window.
    struct Shared(Box<[AtomicU64; 4]>);

    impl Shared {
        fn new() -> Self {
            Self(Box::new([const { AtomicU64::new(0) }; 4]))
        }

        fn window(&self) -> Window<'_> {
            let start = NonNull::from(&*self.0).cast();
            // SAFETY: as long as the box is borrowed; the atomics allow to be written to.
            unsafe { Window::new(start, 32) }
        }
    }

    /// Atomic operations of several sizes must not meet at one place: each size has memory of its own.
    fn written_is_read<const N: usize>(bytes: [u8; N]) {
        for offset in 0..20 {
            let memory = Shared::new();
            memory.window().store(offset, bytes);
            assert_eq!(memory.window().load(offset), bytes);
        }
    }

    #[test]
    fn all_sizes_are_read_as_written_at_every_offset() {
        written_is_read([1]);
        written_is_read([1, 2]);
        written_is_read([1, 2, 3, 4]);
        written_is_read([1, 2, 3, 4, 5, 6, 7, 8]);
        written_is_read([9; 11]);
    }

    #[test]
    fn outside_there_is_nothing() {
        let memory = Shared::new();
        let window = memory.window();
        window.store(30, [1; 4]);
        window.store(usize::MAX, [1; 4]);
        assert_eq!(window.load(30), [0; 2]);
        assert_eq!(window.load(30), [0; 4]);
        assert_eq!(window.load(usize::MAX), [0; 2]);
    }

    #[test]
    fn parts_lie_where_they_should() {
        let memory = Shared::new();
        // SAFETY: the size of the memory.
        let place = unsafe { Place::<[u32; 8]>::new(memory.window().start) };
        [1_u32, 2, 3, 4, 5, 6, 7, 8].store(&mut place.window(), 0);
        assert_eq!(place.part::<u32>(12).window().load(0), 4_u32.to_ne_bytes());
        assert_eq!(place.element(7).unwrap().window().load(0), 8_u32.to_ne_bytes());
        assert!(place.element(8).is_none());
    }

    /// What Miri and the thread sanitizer look at.
    #[test]
    fn threads_may_write_at_once() {
        let memory = Shared::new();
        let window = memory.window();
        thread::scope(|scope| {
            for value in 0..4_u64 {
                scope.spawn(move || {
                    for _ in 0..50 {
                        window.store(8, value.to_ne_bytes());
                        assert!(u64::from_ne_bytes(window.load(8)) < 4);
                    }
                });
            }
        });
    }
}
