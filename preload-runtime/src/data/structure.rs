//! What the structs that the attribute makes have in common, so that little has to be written out for each.

use core::fmt;
use core::hash::{Hash, Hasher};

use super::buffer::Buffer;
use super::value::{Sink, Source, Value};

/// A struct, which is read, written and shown by one walk over its fields.
///
/// Each function of a struct costs the compiler of the user a tenth of a millisecond, whatever it does, and each call
/// in it half as much again; hence one walk for all, with one call for many fields.
#[doc(hidden)]
pub trait Structure: Default + Copy + fmt::Debug + 'static {
    type Bytes: Buffer;

    /// Shows the fields in order, to be looked at or replaced.
    fn walk<W: Walk>(&mut self, walk: &mut W);
}

/// What is done with each field.
#[doc(hidden)]
pub trait Walk: Sized {
    fn field<T: Value>(&mut self, field: &mut T, offset: usize, name: &'static str);

    /// Some fields, with their offsets and names.
    #[inline]
    fn fields<P: Parts<N>, const N: usize>(
        &mut self,
        parts: P,
        offsets: [usize; N],
        names: [&'static str; N],
    ) {
        parts.walk(self, offsets, names);
    }
}

/// References to fields of one struct.
#[doc(hidden)]
pub trait Parts<const N: usize> {
    fn walk<W: Walk>(self, walk: &mut W, offsets: [usize; N], names: [&'static str; N]);
}

macro_rules! parts {
    ($($count:literal: $($part:ident $offset:ident $name:ident)*;)*) => {$(
        #[expect(non_snake_case, reason = "types and values have one name")]
        impl<$($part: Value),*> Parts<$count> for ($(&mut $part,)*) {
            #[inline]
            fn walk<W: Walk>(self, walk: &mut W, offsets: [usize; $count], names: [&'static str; $count]) {
                let (($($part,)*), [$($offset),*], [$($name),*]) = (self, offsets, names);
                $(walk.field($part, $offset, $name);)*
            }
        }
    )*};
}

parts! {
    1: A a n;
    2: A a n B b o;
    3: A a n B b o C c p;
    4: A a n B b o C c p D d q;
    5: A a n B b o C c p D d q E e r;
    6: A a n B b o C c p D d q E e r F f s;
    7: A a n B b o C c p D d q E e r F f s G g t;
    8: A a n B b o C c p D d q E e r F f s G g t H h u;
}

impl<T: Structure> Value for T {
    type Bytes = T::Bytes;

    #[inline]
    fn load<S: Source + ?Sized>(from: &S, offset: usize) -> Self {
        let mut value = Self::default();
        value.walk(&mut Reading { from, start: offset });
        value
    }

    #[inline]
    fn store<S: Sink + ?Sized>(&self, to: &mut S, offset: usize) {
        let mut value = *self;
        value.walk(&mut Writing { to, start: offset });
    }
}

struct Reading<'a, S: ?Sized> {
    from: &'a S,
    start: usize,
}

impl<S: Source + ?Sized> Walk for Reading<'_, S> {
    #[inline]
    fn field<T: Value>(&mut self, field: &mut T, offset: usize, _name: &'static str) {
        *field = T::load(self.from, self.start + offset);
    }
}

struct Writing<'a, S: ?Sized> {
    to: &'a mut S,
    start: usize,
}

impl<S: Sink + ?Sized> Walk for Writing<'_, S> {
    #[inline]
    fn field<T: Value>(&mut self, field: &mut T, offset: usize, _name: &'static str) {
        field.store(self.to, self.start + offset);
    }
}

/// Holds what was worked out from BTF against what the compiler makes of some structs: at compile time.
///
/// # Panics
///
/// They differ, which is an error of the compiler then.
#[doc(hidden)]
pub const fn layout<const COUNT: usize>(found: [usize; COUNT], expected: [usize; COUNT]) {
    let mut index = 0;
    while index < COUNT {
        assert!(found[index] == expected[index], "a size, an alignment or an offset is not that of C");
        index += 1;
    }
}

/// A struct with its name and those of its fields.
#[doc(hidden)]
pub fn show<T: Structure>(value: &T, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = Shown(f.debug_struct(name));
    let mut value = *value;
    value.walk(&mut shown);
    shown.0.finish()
}

struct Shown<'a, 'b>(fmt::DebugStruct<'a, 'b>);

impl Walk for Shown<'_, '_> {
    fn field<T: Value>(&mut self, field: &mut T, _offset: usize, name: &'static str) {
        self.0.field(name, field);
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
