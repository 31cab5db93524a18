//! Room for the bytes of a value, on the stack: as long as the type, without an allocator.

use core::slice;

/// So many bytes, as arrays of arrays of bytes: the length of an array cannot be computed from that of its elements.
pub trait Buffer: Copy {
    /// Zeros.
    const ZERO: Self;

    #[doc(hidden)]
    fn flat(elements: &[Self]) -> &[u8];

    #[doc(hidden)]
    fn flat_mut(elements: &mut [Self]) -> &mut [u8];

    /// The bytes.
    fn bytes(&self) -> &[u8] {
        Self::flat(slice::from_ref(self))
    }

    /// The bytes, to be written.
    fn bytes_mut(&mut self) -> &mut [u8] {
        Self::flat_mut(slice::from_mut(self))
    }
}

impl Buffer for u8 {
    const ZERO: Self = 0;

    fn flat(elements: &[Self]) -> &[u8] {
        elements
    }

    fn flat_mut(elements: &mut [Self]) -> &mut [u8] {
        elements
    }
}

impl<B: Buffer, const N: usize> Buffer for [B; N] {
    const ZERO: Self = [B::ZERO; N];

    fn flat(elements: &[Self]) -> &[u8] {
        B::flat(elements.as_flattened())
    }

    fn flat_mut(elements: &mut [Self]) -> &mut [u8] {
        B::flat_mut(elements.as_flattened_mut())
    }
}
