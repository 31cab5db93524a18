//! Values: read from bytes and written to bytes, field by field.

use core::{array, fmt};

use super::buffer::Buffer;

/// Something of a fixed size in memory: a value, or a data section.
pub trait Layout: 'static {
    /// Bytes.
    const SIZE: usize;
}

impl<T: Value> Layout for T {
    const SIZE: usize = size_of::<T>();
}

/// A value of a C type, of which any bytes are one.
///
/// Values are made of bytes and turned into bytes one field after the other, by safe code. Their layout is that
/// of C all the same (the attribute has it checked at compile time), so that other crates can look at them as
/// bytes; padding is written as zeros, which keys of hash maps hang on.
///
/// Two structs or unions are equal when their bytes are, padding aside. That is how the kernel compares keys; it differs
/// from the equality of floating-point numbers, which may be no key.
///
/// Implemented by the types that the attribute makes, by integers, floating-point numbers, [`Bool`], [`Pointer`],
/// and arrays of values.
pub trait Value: Layout + Copy + fmt::Debug {
    #[doc(hidden)]
    type Bytes: Buffer;

    #[doc(hidden)]
    fn load<S: Source + ?Sized>(from: &S, offset: usize) -> Self;

    #[doc(hidden)]
    fn store<S: Sink + ?Sized>(&self, to: &mut S, offset: usize);

    /// The value at the start of some bytes, such as a record of a ring buffer; none when they are too few.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self::load(bytes.get(..Self::SIZE)?, 0))
    }

    /// Writes the value to the start of some bytes, padding as zeros; false when they are too few.
    fn to_bytes(&self, bytes: &mut [u8]) -> bool {
        let Some(bytes) = bytes.get_mut(..Self::SIZE) else { return false };
        bytes.fill(0);
        self.store(bytes, 0);
        true
    }

    /// The value of which all bytes are zero.
    fn zeroed() -> Self {
        Self::load(&Zeros, 0)
    }
}

/// Where values are read from. What lies outside reads as zeros.
#[doc(hidden)]
pub trait Source {
    fn bytes<const N: usize>(&self, offset: usize) -> [u8; N];
}

/// Where values are written to. What lies outside is not written.
#[doc(hidden)]
pub trait Sink {
    fn put<const N: usize>(&mut self, offset: usize, bytes: [u8; N]);
}

struct Zeros;

impl Source for Zeros {
    fn bytes<const N: usize>(&self, _offset: usize) -> [u8; N] {
        [0; N]
    }
}

impl Source for [u8] {
    fn bytes<const N: usize>(&self, offset: usize) -> [u8; N] {
        self.get(offset..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; N])
    }
}

impl Sink for [u8] {
    fn put<const N: usize>(&mut self, offset: usize, bytes: [u8; N]) {
        if let Some(place) = self.get_mut(offset..).and_then(<[u8]>::first_chunk_mut) {
            *place = bytes;
        }
    }
}

macro_rules! numbers {
    ($($ty:ident)*) => {$(
        impl Value for $ty {
            type Bytes = [u8; size_of::<Self>()];

            fn load<S: Source + ?Sized>(from: &S, offset: usize) -> Self {
                Self::from_ne_bytes(from.bytes(offset))
            }

            fn store<S: Sink + ?Sized>(&self, to: &mut S, offset: usize) {
                to.put(offset, self.to_ne_bytes());
            }
        }
    )*};
}

numbers! { u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 f32 f64 }

impl<T: Value, const N: usize> Value for [T; N] {
    type Bytes = [T::Bytes; N];

    fn load<S: Source + ?Sized>(from: &S, offset: usize) -> Self {
        array::from_fn(|index| T::load(from, offset + index * T::SIZE))
    }

    fn store<S: Sink + ?Sized>(&self, to: &mut S, offset: usize) {
        for (index, element) in self.iter().enumerate() {
            element.store(to, offset + index * T::SIZE);
        }
    }
}

/// A value that is one number.
macro_rules! wrapper {
    ($name:ident $inner:ident) => {
        impl Value for $name {
            type Bytes = [u8; size_of::<Self>()];

            fn load<S: Source + ?Sized>(from: &S, offset: usize) -> Self {
                Self($inner::load(from, offset))
            }

            fn store<S: Sink + ?Sized>(&self, to: &mut S, offset: usize) {
                self.0.store(to, offset);
            }
        }
    };
}

/// A `bool` of C. The kernel may have written any byte there; all but zero are true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Bool(pub u8);

wrapper! { Bool u8 }

impl Bool {
    /// `false`.
    pub const FALSE: Self = Self(0);
    /// `true`.
    pub const TRUE: Self = Self(1);

    /// Whether it is true.
    pub const fn is_true(self) -> bool {
        self.0 != 0
    }
}

impl From<bool> for Bool {
    fn from(value: bool) -> Self {
        Self(value.into())
    }
}

impl From<Bool> for bool {
    fn from(value: Bool) -> Self {
        value.is_true()
    }
}

/// A pointer of a BPF program: an address in the kernel, of no use here but to be compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Pointer(pub u64);

wrapper! { Pointer u64 }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_their_bytes_are() {
        let bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        assert_eq!(u32::from_bytes(&bytes), Some(0x0403_0201));
        assert_eq!(<[u16; 3]>::from_bytes(&bytes), Some([0x0201, 0x0403, 0x0605]));
        assert_eq!(<[[u8; 2]; 2]>::from_bytes(&bytes), Some([[1, 2], [3, 4]]));
        assert_eq!(u64::from_bytes(&bytes[1..]), None);
        assert_eq!(<[u64; 0]>::from_bytes(&[]), Some([]));
        assert!(Bool::from_bytes(&[7]).unwrap().is_true());
    }

    #[test]
    fn bytes_are_what_the_values_are() {
        let mut bytes = [9; 7];
        assert!([0x0201_u16, 0x0403].to_bytes(&mut bytes));
        assert_eq!(bytes, [1, 2, 3, 4, 9, 9, 9]);
        assert!(!0_u64.to_bytes(&mut bytes));
    }

    #[test]
    fn buffers_are_as_long_as_values() {
        let mut buffer = <[[u32; 3]; 2] as Value>::Bytes::ZERO;
        assert_eq!(buffer.bytes().len(), 24);
        [[1_u32, 2, 3], [4, 5, 6]].store(buffer.bytes_mut(), 0);
        assert_eq!(buffer.bytes()[20..], [6, 0, 0, 0]);
    }

    /// What lies outside of the bytes does not count; nothing is written there, and nothing panics.
    #[test]
    fn outside_there_is_nothing() {
        let mut bytes = [1, 2];
        assert_eq!(u32::load(&bytes[..], 0), 0);
        assert_eq!(u8::load(&bytes[..], usize::MAX), 0);
        0x0909_u16.store(&mut bytes[..], 1);
        assert_eq!(bytes, [1, 2]);
    }
}
