//! Bit-fields: some bits of some bytes, the lowest first, as C has them on little-endian machines.

use super::value::Bool;

/// What a bit-field can be read as.
#[doc(hidden)]
pub trait Bits: Copy {
    const SIGNED: bool;

    fn from_bits(bits: u64) -> Self;

    fn to_bits(self) -> u64;
}

#[expect(clippy::cast_lossless, reason = "some of the integers are signed, which extends them by their sign")]
mod integers {
    use super::Bits;

    macro_rules! integers {
    ($($ty:ident $signed:literal)*) => {$(
        impl Bits for $ty {
            const SIGNED: bool = $signed;

            fn from_bits(bits: u64) -> Self {
                bits as Self
            }

            fn to_bits(self) -> u64 {
                self as u64
            }
        }
    )*};
}

    integers! { u8 false u16 false u32 false u64 false i8 true i16 true i32 true i64 true }
}

impl Bits for Bool {
    const SIGNED: bool = false;

    fn from_bits(bits: u64) -> Self {
        Self(bits as u8)
    }

    fn to_bits(self) -> u64 {
        // All but zero are true, also where there is one bit for it.
        self.is_true().into()
    }
}

/// The lowest bits set, at most 64.
fn mask(width: usize) -> u64 {
    u64::MAX.checked_shr(64_u32.saturating_sub(width as u32)).unwrap_or(0)
}

/// The nine bytes that hold 64 bits from any start; those outside count as zeros.
fn window(bytes: &[u8], start: usize) -> u128 {
    let inside = bytes.get(start / 8..).unwrap_or_default();
    inside.iter().take(9).rev().fold(0, |word, &byte| word << 8 | u128::from(byte))
}

/// Reads a bit-field.
#[doc(hidden)]
pub fn bit_field<T: Bits>(bytes: &[u8], start: usize, width: usize) -> T {
    let bits = (window(bytes, start) >> (start % 8)) as u64 & mask(width);
    let negative = T::SIGNED && width > 0 && bits >> (width - 1) & 1 == 1;
    T::from_bits(if negative { bits | !mask(width) } else { bits })
}

/// Writes a bit-field; bits of the value that it has no room for are dropped, as in C.
#[doc(hidden)]
pub fn set_bit_field<T: Bits>(bytes: &mut [u8], start: usize, width: usize, value: T) {
    let shift = start % 8;
    let new = u128::from(value.to_bits() & mask(width)) << shift;
    let keep = !(u128::from(mask(width)) << shift);
    let word = window(bytes, start) & keep | new;
    let inside = bytes.get_mut(start / 8..).unwrap_or_default();
    for (byte, new) in inside.iter_mut().zip(word.to_le_bytes()).take(9) {
        *byte = new;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_and_width_is_read_as_written() {
        for start in 0..20 {
            for width in 1..=64 {
                let mut bytes = [0xff; 12];
                let value = 0x9e37_79b9_7f4a_7c15_u64;
                set_bit_field(&mut bytes, start, width, value);
                assert_eq!(bit_field::<u64>(&bytes, start, width), value & mask(width));
                // All other bits are as they were.
                set_bit_field(&mut bytes, start, width, u64::MAX);
                assert_eq!(bytes, [0xff; 12]);
            }
        }
    }

    #[test]
    fn signs_are_extended() {
        let mut bytes = [0; 2];
        set_bit_field(&mut bytes, 3, 5, -7_i32);
        assert_eq!(bit_field::<i32>(&bytes, 3, 5), -7);
        assert_eq!(bit_field::<u32>(&bytes, 3, 5), 25);
        assert_eq!(bytes, [25 << 3, 0]);
    }

    #[test]
    fn outside_there_is_nothing() {
        let mut bytes = [0xff];
        set_bit_field(&mut bytes, 4, 8, 0_u8);
        assert_eq!(bytes, [0x0f]);
        assert_eq!(bit_field::<u8>(&bytes, 100, 8), 0);
        set_bit_field(&mut bytes, 100, 8, 1_u8);
        assert_eq!(bytes, [0x0f]);
    }
}
