//! The types that the attribute makes of unions, enums and data sections: it gives names, types and offsets, and these
//! macros the rest. Structs, of which there may be thousands, it writes out itself: a macro would have the compiler read
//! them twice.
//!
//! They refer to each other by the names that the attribute has given; everything else is reached through `$crate`
//! and `core`. What they assert has been worked out from BTF, and is held against what the compiler makes of it.

/// Bytes with members that may overlap: a union, or something of unknown contents.
///
/// ```text
/// bytes! {
///     /// `union either` of the object.
///     union either: 8, u32 { number, set_number: u32 = 0, }
///     bits { low, set_low: u32 = __bytes, 0, 4; }
/// }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __bytes {
    (
        $(#[$attr:meta])* union $name:ident: $size:literal, $align:ty {
            $($member:ident, $set:ident: $ty:ty = $offset:literal,)*
        }
        bits { $($bits:tt)* }
    ) => {
        $(#[$attr])*
        #[derive(
            ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::core::cmp::Eq,
            ::core::hash::Hash
        )]
        #[repr(C)]
        pub struct $name {
            __align: [$align; 0],
            __bytes: [::core::primitive::u8; $size],
        }

        const _: () = {
            ::core::assert!(::core::mem::size_of::<$name>() == $size, "a size is not that of C");
            ::core::assert!(::core::mem::offset_of!($name, __bytes) == 0, "an offset is not that of C");
        };

        $crate::__value! {
            $name $size
            load(__from, __offset) {
                Self { __align: [], __bytes: $crate::data::Value::load(__from, __offset) }
            }
            store(__self, __to, __offset) { $crate::data::Value::store(&__self.__bytes, __to, __offset); }
        }

        impl $name {
            $(
                #[must_use]
                pub fn $member(&self) -> $ty {
                    $crate::data::Value::load(&self.__bytes[..], $offset)
                }
                pub fn $set(&mut self, __value: $ty) {
                    $crate::data::Value::store(&__value, &mut self.__bytes[..], $offset);
                }
            )*
        }

        $crate::__bit_fields! { $name $($bits)* }
    };
}

/// An integer with names for values.
#[doc(hidden)]
#[macro_export]
macro_rules! __enumeration {
    ($(#[$attr:meta])* enum $name:ident: $int:ty, $size:literal { $($value:ident = $number:literal,)* }) => {
        $(#[$attr])*
        #[derive(
            ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::core::cmp::Eq,
            ::core::cmp::PartialOrd, ::core::cmp::Ord, ::core::hash::Hash
        )]
        #[repr(transparent)]
        pub struct $name(
            /// The number, which may be one without a name.
            pub $int,
        );

        impl $name {
            $(
                pub const $value: Self = Self($number);
            )*
        }

        $crate::__value! {
            $name $size
            load(__from, __offset) { Self($crate::data::Value::load(__from, __offset)) }
            store(__self, __to, __offset) { $crate::data::Value::store(&__self.0, __to, __offset); }
        }

        impl $crate::__private::Bits for $name {
            const SIGNED: ::core::primitive::bool = <$int as $crate::__private::Bits>::SIGNED;

            fn from_bits(__bits: ::core::primitive::u64) -> Self {
                Self($crate::__private::Bits::from_bits(__bits))
            }

            fn to_bits(self) -> ::core::primitive::u64 {
                $crate::__private::Bits::to_bits(self.0)
            }
        }
    };
}

/// The variables of a data section before load.
#[doc(hidden)]
#[macro_export]
macro_rules! __variables {
    ($(#[$attr:meta])* $name:ident: $size:literal { $($field:ident: $ty:ty = $offset:literal,)* }) => {
        $(#[$attr])*
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        pub struct $name {
            $(pub $field: $ty,)*
        }

        impl $crate::data::Layout for $name {
            const SIZE: ::core::primitive::usize = $size;
        }

        impl $crate::__private::Variables for $name {
            fn load(__contents: &[::core::primitive::u8]) -> Self {
                Self { $($field: $crate::data::Value::load(__contents, $offset),)* }
            }

            fn store(&self, __to: &mut dyn $crate::__private::Bytes) {
                $($crate::data::Value::store(&self.$field, __to, $offset);)*
            }
        }
    };
}

/// What unions and enums have.
#[doc(hidden)]
#[macro_export]
macro_rules! __value {
    (
        $name:ident $size:literal
        load($from:ident, $load_offset:ident) $load:block
        store($self:ident, $to:ident, $store_offset:ident) $store:block
    ) => {
        impl $crate::data::Value for $name {
            type Bytes = [::core::primitive::u8; $size];

            fn load<__S: $crate::__private::Source + ?::core::marker::Sized>(
                $from: &__S,
                $load_offset: ::core::primitive::usize,
            ) -> Self $load

            fn store<__S: $crate::__private::Sink + ?::core::marker::Sized>(
                &self,
                $to: &mut __S,
                $store_offset: ::core::primitive::usize,
            ) {
                let $self = self;
                $store
            }
        }

        impl ::core::default::Default for $name {
            fn default() -> Self {
                $crate::data::Value::zeroed()
            }
        }
    };
}

/// Accessors of bit-fields.
#[doc(hidden)]
#[macro_export]
macro_rules! __bit_fields {
    ($name:ident) => {};
    ($name:ident $($get:ident, $set:ident: $ty:ty = $storage:ident, $start:literal, $width:literal;)+) => {
        impl $name {
            $(
                #[must_use]
                pub fn $get(&self) -> $ty {
                    $crate::__private::bit_field(&self.$storage, $start, $width)
                }
                pub fn $set(&mut self, __value: $ty) {
                    $crate::__private::set_bit_field(&mut self.$storage, $start, $width, __value);
                }
            )+
        }
    };
}
