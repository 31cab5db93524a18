//! Access to memory that is shared with the kernel.

use core::fmt;
use core::marker::PhantomData;

use super::section::{Access, Fields, ReadWrite};
use super::value::{Layout, Sink, Source, Value};
use crate::sys::{Place, Window};

/// A `T` in memory that is shared with the kernel: a pointer that can be copied, sent and shared.
///
/// [`get`](Self::get) reads it and [`set`](Self::set) writes it, where the memory may be written.
/// [`fields`](Self::fields) leads to the fields of a struct, [`at`](Self::at) to the elements of an array.
///
/// # Words and more
///
/// An aligned integer of 1, 2, 4 or 8 bytes is read and written as one: a load or store of the machine, behind a
/// test of its alignment. Larger values are read and written one integer after the other, so that the parts may
/// be of different moments: what must be seen together needs a lock or a counter of the program's.
///
/// # Soundness
///
/// The kernel writes to this memory whenever a program runs, and so may other threads. Rust allows neither
/// behind a reference, and so there is none: no `&T` and no `&mut T` ever leads into it. What there is:
///
/// - A pointer into a mapping that lives at least for `'a`: [`Data`](super::Data) owns the mapping, and everything
///   that is made of it borrows it.
/// - Which holds all of the `T`: the size of a section is compared once, when it is mapped; that a field lies
///   inside of its struct, and an element inside of its array, is tested.
/// - Accessed by relaxed atomic operations alone. Those of Rust may race with each other. The kernel is like another
///   thread that uses the plain loads, stores and atomic instructions of the machine, which a relaxed operation
///   compiles to as well.
/// - Always of the same size at the same place: a place is only reached through the type of its variable, and
///   the members of a union, which overlap, only as bytes. (Atomic operations of different sizes must not
///   race.) Memory is never accessed where C has padding.
/// - Into values of which every bit pattern is one: integers, arrays and structs of them. There is no `bool`, no
///   `enum` and no reference among them.
///
/// Memory that may only be read (a frozen section) is mapped that way, and has no `set`. Relaxed loads of up
/// to 8 bytes are what may be done to such memory on all machines that this crate knows.
pub struct Shared<'a, T, A = ReadWrite> {
    place: Place<'a, T>,
    access: PhantomData<A>,
}

impl<T, A> Clone for Shared<'_, T, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, A> Copy for Shared<'_, T, A> {}

impl<'a, T, A> Shared<'a, T, A> {
    pub(crate) fn from_place(place: Place<'a, T>) -> Self {
        Self { place, access: PhantomData }
    }
}

/// A field of a struct or section.
///
/// # Panics
///
/// It does not lie inside, which no field of the attribute's does: the test is gone from optimised code.
#[doc(hidden)]
#[inline]
pub fn part<'a, T: Layout, U: Layout, A>(shared: Shared<'a, T, A>, offset: usize) -> Shared<'a, U, A> {
    Shared::from_place(shared.place.part(offset))
}

impl<T: Value, A: Access> Shared<'_, T, A> {
    /// Reads it.
    #[inline]
    pub fn get(self) -> T {
        T::load(&self.place.window(), 0)
    }
}

impl<T: Value> Shared<'_, T, ReadWrite> {
    /// Writes it.
    #[inline]
    pub fn set(self, value: T) {
        value.store(&mut self.place.window(), 0);
    }
}

impl<'a, T: Fields, A: Access> Shared<'a, T, A> {
    /// The fields of a struct.
    #[inline]
    pub fn fields(self) -> T::Of<'a, A> {
        T::of(self)
    }
}

impl<'a, T: Layout, A: Access, const N: usize> Shared<'a, [T; N], A> {
    /// An element; none behind the last.
    #[inline]
    pub fn at(self, index: usize) -> Option<Shared<'a, T, A>> {
        self.place.element(index).map(Shared::from_place)
    }

    /// The elements, in order.
    pub fn iter(self) -> impl Iterator<Item = Shared<'a, T, A>> {
        (0..N).filter_map(move |index| self.at(index))
    }
}

impl<T: Value + fmt::Debug, A: Access> fmt::Debug for Shared<'_, T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shared").field(&self.get()).finish()
    }
}

impl Source for Window<'_> {
    #[inline]
    fn bytes<const N: usize>(&self, offset: usize) -> [u8; N] {
        self.load(offset)
    }
}

impl Sink for Window<'_> {
    #[inline]
    fn put<const N: usize>(&mut self, offset: usize, bytes: [u8; N]) {
        self.store(offset, bytes);
    }
}
