//! One value in a page of its own: what is rare and large, and would be carried along by everything that can fail.

#![allow(unsafe_code, reason = "the page is reached through a pointer")]

use core::marker::PhantomData;
use core::ptr::{self, NonNull};

use super::Memory;

/// A value in memory of its own, or one that is there from the start, where the kernel has no memory left. As large as a
/// pointer.
pub(crate) struct OnPage<T: 'static> {
    /// A page that is owned; or the address of a static, with [`STATIC`] added.
    at: NonNull<T>,
    owns: PhantomData<T>,
}

/// The lowest bit of an address: that of a page does not have it, and that of a value of more than one byte's alignment does
/// not either.
const STATIC: usize = 1;

// SAFETY: the value is owned, or shared by all threads anyway; the memory has no tie to the thread that made it.
unsafe impl<T: Send + Sync> Send for OnPage<T> {}
// SAFETY: a shared reference gives shared references to the value only.
unsafe impl<T: Sync> Sync for OnPage<T> {}

impl<T: Sync> OnPage<T> {
    /// Puts a value on a page; without one, `instead` stands for it.
    #[cold]
    pub(crate) fn new(value: T, instead: &'static T) -> Self {
        const { assert!(align_of::<T>() > STATIC && align_of::<T>() <= 4096) };
        let at = match Memory::zeroed(size_of::<T>()) {
            Ok(memory) => {
                let at = memory.leak().cast::<T>();
                // SAFETY: new memory, as large as the value, on a page boundary.
                unsafe { at.write(value) };
                at
            }
            Err(_) => NonNull::from(instead).map_addr(|address| address | STATIC),
        };
        Self { at, owns: PhantomData }
    }

    fn is_static(&self) -> bool {
        self.at.addr().get() & STATIC != 0
    }

    pub(crate) fn get(&self) -> &T {
        let at = self.at.as_ptr().map_addr(|address| address & !STATIC);
        // SAFETY: the value of the page, which was written by `new` and goes with `self`; or that of the static.
        unsafe { &*at }
    }

    /// The value, to be changed; none where it is the one that stands in.
    pub(crate) fn get_mut(&mut self) -> Option<&mut T> {
        if self.is_static() {
            return None;
        }
        // SAFETY: the value of the page, which was written by `new`; `&mut self` is the only way to it.
        Some(unsafe { self.at.as_mut() })
    }
}

impl<T> Drop for OnPage<T> {
    #[cold]
    #[inline(never)]
    fn drop(&mut self) {
        if self.at.addr().get() & STATIC == 0 {
            // SAFETY: the value was written by `new`, and nobody comes to it any more.
            unsafe { ptr::drop_in_place(self.at.as_ptr()) };
            // SAFETY: the page is from `Memory::leak`, for a value of this size, and holds nothing any more.
            drop(unsafe { Memory::from_leaked(self.at.cast(), size_of::<T>()) });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    static DROPPED: AtomicU32 = AtomicU32::new(0);

    #[derive(Debug, PartialEq)]
    struct Value(u32);

    impl Drop for Value {
        fn drop(&mut self) {
            DROPPED.fetch_add(1, Ordering::Relaxed);
        }
    }

    static INSTEAD: Value = Value(1);

    #[test]
    fn a_value_is_dropped_once_and_one_that_stands_in_never() {
        let mut value = OnPage::new(Value(2), &INSTEAD);
        value.get_mut().unwrap().0 = 3;
        assert_eq!(*value.get(), Value(3));
        let before = DROPPED.load(Ordering::Relaxed);
        drop(value);
        assert_eq!(DROPPED.load(Ordering::Relaxed), before + 1);

        let at = NonNull::from(&INSTEAD).map_addr(|address| address | STATIC);
        let mut stand_in = OnPage { at, owns: PhantomData };
        assert!(stand_in.get_mut().is_none());
        assert_eq!(stand_in.get().0, 1);
        let before = DROPPED.load(Ordering::Relaxed);
        drop(stand_in);
        assert_eq!(DROPPED.load(Ordering::Relaxed), before);
    }
}
