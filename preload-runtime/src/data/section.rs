//! Data sections: their variables before load, and their memory after it.

use core::fmt;
use core::marker::PhantomData;

use super::shared::Shared;
use super::value::{Layout, Sink};
use crate::sys::{Errno, Fd, Memory, SharedMemory};

/// Memory that may be read and written.
#[derive(Clone, Copy, Debug)]
pub enum ReadWrite {}

/// Memory that may be read.
#[derive(Clone, Copy, Debug)]
pub enum ReadOnly {}

/// What may be done to memory: [`ReadWrite`] or [`ReadOnly`].
pub trait Access: sealed::Sealed + 'static {
    #[doc(hidden)]
    const WRITABLE: bool;
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for super::ReadWrite {}
    impl Sealed for super::ReadOnly {}
}

impl Access for ReadWrite {
    const WRITABLE: bool = true;
}

impl Access for ReadOnly {
    const WRITABLE: bool = false;
}

/// Something with fields: a struct, or a data section.
pub trait Fields: Layout + Sized {
    /// A struct with a [`Shared`] for each field.
    type Of<'a, A>;

    #[doc(hidden)]
    fn of<A>(at: Shared<'_, Self, A>) -> Self::Of<'_, A>;
}

/// The variables of a data section by value, before load.
pub trait Variables {
    #[doc(hidden)]
    fn load(contents: &[u8]) -> Self
    where
        Self: Sized;

    /// Puts each where it is in the section. Whatever that is done for, the code of the section's variables is the same.
    #[doc(hidden)]
    fn store(&self, to: &mut dyn Bytes);
}

/// Takes the bytes of variables.
#[doc(hidden)]
pub trait Bytes {
    fn take(&mut self, offset: usize, bytes: &[u8]);
}

impl Sink for dyn Bytes + '_ {
    fn put<const N: usize>(&mut self, offset: usize, bytes: [u8; N]) {
        self.take(offset, &bytes);
    }
}

impl dyn Variables + '_ {
    /// Whether any variable differs from what the section holds; nothing stands for zeros.
    pub(crate) fn differ(&self, contents: &[u8]) -> bool {
        let mut compare = Compare { contents, differ: false };
        self.store(&mut compare);
        compare.differ
    }

    /// Writes the variables into a copy of the section.
    pub(crate) fn write(&self, contents: &mut [u8]) {
        self.store(&mut Write(contents));
    }

    /// Tells one set of values from another.
    pub(crate) fn digest(&self, digest: u64) -> u64 {
        let mut digest = Digest(digest);
        self.store(&mut digest);
        digest.0
    }
}

struct Write<'a>(&'a mut [u8]);

impl Bytes for Write<'_> {
    fn take(&mut self, offset: usize, bytes: &[u8]) {
        if let Some(place) = self.0.get_mut(offset..).and_then(|rest| rest.get_mut(..bytes.len())) {
            place.copy_from_slice(bytes);
        }
    }
}

struct Compare<'a> {
    contents: &'a [u8],
    differ: bool,
}

impl Bytes for Compare<'_> {
    fn take(&mut self, offset: usize, bytes: &[u8]) {
        self.differ |= match self.contents.get(offset..).and_then(|rest| rest.get(..bytes.len())) {
            Some(known) => known != bytes,
            None => bytes.iter().any(|&byte| byte != 0),
        };
    }
}

/// FNV-1a.
struct Digest(u64);

impl Bytes for Digest {
    fn take(&mut self, _offset: usize, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// The memory of a data section: mapped, or a copy.
///
/// It owns its memory and nothing else: it stays valid when the skeleton goes, and keeps the section's map in the
/// kernel. [`fields`](Self::fields) has a [`Shared`] for each variable.
pub struct Data<S, A = ReadWrite> {
    memory: SharedMemory<S>,
    access: PhantomData<fn() -> A>,
}

impl<S: Fields, A: Access> Data<S, A> {
    pub(crate) fn map(map: &Fd, len: usize) -> Result<Self, Errno> {
        Ok(Self { memory: SharedMemory::map(map, len, A::WRITABLE)?, access: PhantomData })
    }

    /// The variables.
    #[inline]
    pub fn fields(&self) -> S::Of<'_, A> {
        S::of(Shared::from_place(self.memory.place()))
    }
}

impl<S: Fields> Data<S> {
    pub(crate) fn copy(memory: Memory) -> Result<Self, Errno> {
        Ok(Self { memory: SharedMemory::copy(memory)?, access: PhantomData })
    }

    /// The bytes of a copy; none where the memory is mapped.
    pub(crate) fn bytes(&mut self) -> Option<&[u8]> {
        self.memory.bytes()
    }
}

impl<S, A> fmt::Debug for Data<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Data").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Value;

    struct Two {
        small: u8,
        large: u32,
    }

    impl Variables for Two {
        fn load(contents: &[u8]) -> Self {
            Self { small: u8::load(contents, 0), large: u32::load(contents, 4) }
        }

        fn store(&self, to: &mut dyn Bytes) {
            self.small.store(to, 0);
            self.large.store(to, 4);
        }
    }

    fn any(variables: &Two) -> &dyn Variables {
        variables
    }

    #[test]
    fn a_change_is_seen() {
        let contents = [1, 9, 9, 9, 2, 0, 0, 0];
        let mut two = Two::load(&contents);
        assert!(!any(&two).differ(&contents));
        two.large = 3;
        assert!(any(&two).differ(&contents));
        let mut copy = contents;
        any(&two).write(&mut copy);
        assert_eq!(copy, [1, 9, 9, 9, 3, 0, 0, 0], "what no variable is in stays as it is");
    }

    #[test]
    fn zeros_may_be_left_out() {
        let mut two = Two::load(&[]);
        assert!(!any(&two).differ(&[]));
        two.small = 1;
        assert!(any(&two).differ(&[]));
    }

    #[test]
    fn digests_tell_values_apart() {
        let digest = |small, large| any(&Two { small, large }).digest(7);
        assert_ne!(digest(1, 2), digest(2, 1));
        assert_eq!(digest(1, 2), digest(1, 2));
    }
}
