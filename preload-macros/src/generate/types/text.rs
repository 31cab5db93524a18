//! Types as text, from inside of a module where the runtime's names are at hand.
//!
//! The attribute itself is compiled without optimisation in dev builds, and each token that it makes by itself is a call to the
//! compiler. A text becomes tokens in one, and by the compiler's own code.

use std::fmt;

use preload_object::{Type, Types};

use crate::names::field_text;

/// What the runtime's names are called by; no type of C is.
pub(super) const RUNTIME: &str = "__bpf_preload";

/// How types are named from where they are used.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) types: &'a Types,
    /// What leads to the module of the types.
    pub(super) prefix: &'static str,
}

/// A type as it is written down there.
pub(super) struct Written<'a>(pub(super) Scope<'a>, pub(super) &'a Type);

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(scope, ty) = self;
        match ty {
            Type::Int { size, signed } => {
                write!(f, "{RUNTIME}::{}{}", if *signed { 'i' } else { 'u' }, size.saturating_mul(8))
            }
            Type::Float(size) => write!(f, "{RUNTIME}::f{}", size.saturating_mul(8)),
            Type::Bool => write!(f, "{RUNTIME}::Bool"),
            Type::Pointer => write!(f, "{RUNTIME}::Pointer"),
            Type::Array(element, count) => write!(f, "[{}; {count}]", Self(*scope, element)),
            Type::Bytes(size) => write!(f, "[{RUNTIME}::u8; {size}]"),
            Type::Item(index) => match scope.types.items.get(*index) {
                Some(item) => write!(f, "{}{}", scope.prefix, field_text(&item.name)),
                None => Ok(()),
            },
        }
    }
}

/// The value of a type that is zero all over: what takes no looking up of a trait is written out.
pub(super) struct Zero<'a>(pub(super) &'a Type);

impl fmt::Display for Zero<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Type::Int { .. } => f.write_str("0"),
            Type::Float(_) => f.write_str("0.0"),
            Type::Bool => write!(f, "{RUNTIME}::Bool(0)"),
            Type::Pointer => write!(f, "{RUNTIME}::Pointer(0)"),
            Type::Array(element, count) => write!(f, "[{}; {count}]", Self(element)),
            Type::Bytes(size) => write!(f, "[0; {size}]"),
            Type::Item(_) => write!(f, "{RUNTIME}::Default::default()"),
        }
    }
}
