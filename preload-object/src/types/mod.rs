//! What maps and data sections hold: a model of C types, laid out to the byte as BTF says.
//!
//! Nothing is guessed: offsets and sizes are those of BTF. A type that cannot be laid out from them (a compiler
//! of another mind, a file that lies) becomes bytes, never something of another layout.

mod collect;
mod composite;
mod constant;
mod layout;
mod naming;
mod special;

pub use constant::{Constant, ConstantError, Written};

/// The types of an object that its maps and variables need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Types {
    /// Types with names, each behind those that it is made of.
    pub items: Vec<Item>,
    /// One entry for each map of the object, in its order.
    pub maps: Vec<MapTypes>,
}

/// What one map holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapTypes {
    /// As long as a key of the map; no bytes where it has none.
    pub key: Type,
    /// As long as a value of the map.
    pub value: Type,
    /// The global variables of a data section, by offset.
    pub variables: Vec<Variable>,
    /// Something in the value is the kernel's alone (locks, timers, kernel pointers): it cannot be mapped into
    /// memory.
    pub special: bool,
}

/// A global variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// A Rust identifier, but for keywords.
    pub name: String,
    /// Its type; may be shorter than the variable, where a flexible array has elements.
    pub ty: Type,
    /// In bytes from the start of the section.
    pub offset: u32,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// An integer of 1, 2, 4, 8 or 16 bytes.
    Int {
        /// Bytes.
        size: u32,
        /// Whether it can be negative.
        signed: bool,
    },
    /// `bool`, of one byte.
    Bool,
    /// A floating-point number of 4 or 8 bytes.
    Float(u32),
    /// An address.
    Pointer,
    /// So many elements.
    Array(Box<Self>, u32),
    /// An item of [`Types::items`].
    Item(usize),
    /// So many bytes that nothing more is known of.
    Bytes(u32),
}

/// A type with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// A Rust identifier, but for keywords; no two items have the same.
    pub name: String,
    /// What it is in C, for people.
    pub c_name: String,
    /// Bytes.
    pub size: u32,
    /// Alignment in Rust, which is never stricter than in C.
    pub align: u32,
    /// What it is made of.
    pub kind: ItemKind,
    /// Whether it is part of a global variable.
    pub in_variable: bool,
    /// Whether there is a `bpf_spin_lock` in it.
    pub has_lock: bool,
    /// Whether it is part of the key of a map.
    pub in_key: bool,
}

/// What an item is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A struct whose fields lie where those of a Rust struct do.
    Struct {
        /// `#[repr(C, packed)]`, else `#[repr(C)]`.
        packed: bool,
        /// All of them in order, padding included that Rust would not put there.
        fields: Vec<Field>,
        /// Bit-fields inside of fields.
        bits: Vec<BitField>,
    },
    /// Bytes with members inside that may overlap: a union.
    Bytes {
        /// The members.
        fields: Vec<Field>,
        /// Bit-fields among the members.
        bits: Vec<BitField>,
    },
    /// An integer with names for values.
    Enum {
        /// Whether it can be negative.
        signed: bool,
        /// The names and their values, in order.
        values: Vec<(String, i128)>,
    },
}

/// A member at an offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// A Rust identifier, but for keywords.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// In bytes.
    pub offset: u32,
    /// Whether it has a meaning in C; else it only takes up space.
    pub hidden: bool,
}

/// A bit-field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitField {
    /// A Rust identifier, but for keywords.
    pub name: String,
    /// An integer, `bool` or enum.
    pub ty: Type,
    /// The byte array it lies in: the name of a field, or none for the bytes of the item itself.
    pub storage: Option<String>,
    /// The first bit, counted from the start of the storage.
    pub start: u32,
    /// The number of bits, at most 64.
    pub width: u32,
}

impl Types {
    /// Bytes of a type.
    pub fn size(&self, ty: &Type) -> u32 {
        match ty {
            Type::Int { size, .. } | Type::Float(size) | Type::Bytes(size) => *size,
            Type::Bool => 1,
            Type::Pointer => 8,
            Type::Array(element, count) => self.size(element).saturating_mul(*count),
            Type::Item(index) => self.items.get(*index).map_or(0, |item| item.size),
        }
    }

    /// Alignment of a type in Rust.
    fn align(&self, ty: &Type) -> u32 {
        match ty {
            Type::Int { size, .. } | Type::Float(size) => *size,
            Type::Bool | Type::Bytes(_) => 1,
            Type::Pointer => 8,
            Type::Array(element, _) => self.align(element),
            Type::Item(index) => self.items.get(*index).map_or(1, |item| item.align),
        }
    }

    /// The item that a type is, or that it is an array of.
    fn item_of(&self, ty: &Type) -> Option<&Item> {
        match ty {
            Type::Array(element, _) => self.item_of(element),
            Type::Item(index) => self.items.get(*index),
            _ => None,
        }
    }
}
