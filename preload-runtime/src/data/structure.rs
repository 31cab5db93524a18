//! What the structs that the attribute makes have in common, so that little has to be written out for each.

use core::fmt;
use core::hash::{Hash, Hasher};

use super::buffer::Buffer;
use super::value::{Sink, Value};

/// Holds what was worked out from BTF against what the compiler makes of a struct: at compile time.
///
/// # Panics
///
/// They differ, which is an error of the compiler then.
#[doc(hidden)]
pub const fn layout<T, const FIELDS: usize>(
    size: usize,
    align: usize,
    offsets: [usize; FIELDS],
    expected: [usize; FIELDS],
) {
    assert!(size_of::<T>() == size, "a size is not that of C");
    assert!(align_of::<T>() == align, "an alignment is not the expected one");
    let mut index = 0;
    while index < FIELDS {
        assert!(offsets[index] == expected[index], "an offset is not that of C");
        index += 1;
    }
}

/// A struct with its name and those of its fields.
#[doc(hidden)]
pub fn show<T: Value>(value: &T, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = Shown(f.debug_struct(name));
    value.store(&mut shown, 0);
    shown.0.finish()
}

struct Shown<'a, 'b>(fmt::DebugStruct<'a, 'b>);

impl Sink for Shown<'_, '_> {
    // Bytes that are no field have no name.
    fn put<const N: usize>(&mut self, _offset: usize, _bytes: [u8; N]) {}

    fn field<T: Value>(&mut self, name: &'static str, value: T, _at: usize, _offset: usize) {
        self.0.field(name, &value);
    }
}

/// Whether two values are the same bytes.
#[doc(hidden)]
pub fn same<T: Value>(one: &T, other: &T) -> bool {
    bytes(one).bytes() == bytes(other).bytes()
}

/// Hashes what [`same`] compares.
#[doc(hidden)]
pub fn hash<T: Value>(value: &T, state: &mut impl Hasher) {
    bytes(value).bytes().hash(state);
}

/// The bytes of a value, padding as zeros.
pub(crate) fn bytes<V: Value>(value: &V) -> V::Bytes {
    let mut bytes = V::Bytes::ZERO;
    value.store(bytes.bytes_mut(), 0);
    bytes
}
