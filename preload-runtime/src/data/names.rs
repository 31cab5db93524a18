//! What the structs that the attribute makes are written with: under short names, of which the compiler reads thousands.

pub use core::clone::Clone;
pub use core::cmp::{Eq, PartialEq};
pub use core::default::Default;
pub use core::fmt::{Debug, Formatter, Result};
pub use core::hash::{Hash, Hasher};
pub use core::marker::Copy;
pub use core::mem::{align_of, offset_of, size_of};
pub use core::primitive::{bool, f32, f64, i8, i16, i32, i64, i128, u8, u16, u32, u64, u128};

pub use super::section::Fields;
pub use super::shared::{Shared, part};
pub use super::structure::{Structure, Walk, hash, layout, same, show};
pub use super::value::{Bool, Pointer};
