//! From BTF to the model: what is reachable from maps and variables, and nothing else.

use std::collections::HashMap;
use std::mem;

use super::naming::Names;
use super::special::{self, Special};
use super::{Field, Item, ItemKind, MapTypes, Type, Types, Variable};
use crate::btf::{Btf, Type as BtfType, kind};
use crate::map::Map;
use crate::object::Object;

/// Types inside of types, at most; deeper ones become bytes.
pub(super) const MAX_DEPTH: usize = 32;

/// What `BPF_F_LOCK` takes.
const LOCK: &str = "bpf_spin_lock";

impl Types {
    /// The types that the maps and variables of an object need.
    pub fn new(object: &Object) -> Self {
        let nothing = Btf::default();
        let btf = object.btf.as_ref().unwrap_or(&nothing);
        let mut collector = Collector::new(btf);
        let maps = object.maps().iter().map(|map| collector.map(map)).collect();
        Self { maps, ..collector.types }
    }
}

/// What is known so far.
pub(super) struct Collector<'a> {
    pub(super) btf: &'a Btf,
    sections: HashMap<&'a str, (u32, BtfType)>,
    pub(super) types: Types,
    names: Names,
    /// The item of each type; none for one that is just being made, which no type can hold.
    known: HashMap<u32, Option<usize>>,
    special: Special,
    depth: usize,
    /// What the types are of that are collected now.
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Key,
    Value,
    Variable,
}

impl<'a> Collector<'a> {
    fn new(btf: &'a Btf) -> Self {
        Self {
            btf,
            sections: btf.data_sections(),
            types: Types::default(),
            names: Names::default(),
            known: HashMap::new(),
            special: Special::default(),
            depth: 0,
            role: Role::Value,
        }
    }

    fn map(&mut self, map: &Map) -> MapTypes {
        if map.data.is_some() {
            let mut special = false;
            // Values of the kernel's configuration are read by programs alone.
            let is_config = map.data.as_ref().is_some_and(|data| !data.config.is_empty());
            let variables = if is_config { Vec::new() } else { self.variables(map, &mut special) };
            let (key, value) = (Type::Int { size: 4, signed: false }, Type::Bytes(map.value_size));
            return MapTypes { key, value, variables, special };
        }
        self.role = Role::Key;
        let key = self.sized(map.key_type, map.key_size, &format!("{}_key", map.name));
        self.role = Role::Value;
        let value = self.sized(map.value_type, map.value_size, &format!("{}_value", map.name));
        let special = self.special.holds(self.btf, map.value_type);
        MapTypes { key, value, variables: Vec::new(), special }
    }

    /// The type if it is as long as it should be, else so many bytes.
    fn sized(&mut self, id: u32, size: u32, hint: &str) -> Type {
        let ty = self.ty(id, hint).filter(|ty| self.types.size(ty) == size);
        ty.unwrap_or(Type::Bytes(size))
    }

    fn variables(&mut self, map: &Map, special: &mut bool) -> Vec<Variable> {
        self.role = Role::Variable;
        let Some((_, section)) = self.sections.get(map.name.as_str()).copied() else {
            return Vec::new();
        };
        let mut names = Names::default();
        let mut variables = Vec::new();
        for place in self.btf.variables(section) {
            let Some(var) = self.btf.get(place.type_id).filter(|var| var.kind == kind::VAR) else { continue };
            let inside = place.offset.checked_add(place.size).is_some_and(|end| end <= map.value_size);
            let name = self.btf.name(var);
            // What nobody outside can name may be the kernel's too.
            *special |= self.special.holds(self.btf, var.size_or_type);
            if self.btf.is_static(var) || !inside {
                continue;
            }
            let ty = self.ty(var.size_or_type, name).filter(|ty| self.types.size(ty) <= place.size);
            let ty = ty.unwrap_or(Type::Bytes(place.size));
            let (name, offset) = (names.free(name), place.offset);
            let tail = self.flexible_tail(&ty, place.size).map(|(field, ty, at)| Variable {
                name: names.free(&format!("{name}_{field}")),
                ty,
                offset: offset + at,
            });
            variables.push(Variable { name, ty, offset });
            variables.extend(tail);
        }
        variables
    }

    /// The elements that a variable has of the flexible array at its end.
    fn flexible_tail(&self, ty: &Type, size: u32) -> Option<(String, Type, u32)> {
        let Type::Item(index) = ty else { return None };
        let ItemKind::Struct { fields, .. } = &self.types.items.get(*index)?.kind else { return None };
        let Field { name, ty: Type::Array(element, 0), offset, hidden: false } =
            fields.iter().rfind(|field| !field.hidden)?
        else {
            return None;
        };
        let count = size.checked_sub(*offset)?.checked_div(self.types.size(element))?;
        (count > 0).then(|| (name.clone(), Type::Array(element.clone(), count), *offset))
    }

    /// The type of that number; none for one without size, or that cannot be.
    ///
    /// `hint` becomes the name of one that has none.
    pub(super) fn ty(&mut self, id: u32, hint: &str) -> Option<Type> {
        let (id, ty, typedef) = self.behind_typedefs(id)?;
        let hint = typedef.unwrap_or(hint);
        match ty.kind {
            kind::INT => Some(self.int(ty)),
            kind::FLOAT => Some(match ty.size_or_type {
                size @ (4 | 8) => Type::Float(size),
                size => Type::Bytes(size),
            }),
            kind::PTR => Some(Type::Pointer),
            kind::ARRAY => {
                let (element, count) = self.btf.array(ty);
                let element = self.nested(|this| this.ty(element, hint))?;
                // Nothing is had of elements without size, and counting them takes time.
                let count = if self.types.size(&element) == 0 { 0 } else { count };
                self.types.size(&element).checked_mul(count)?;
                Some(Type::Array(Box::new(element), count))
            }
            kind::STRUCT | kind::UNION | kind::ENUM | kind::ENUM64 => self.item(id, ty, hint).map(Type::Item),
            _ => None,
        }
    }

    /// The type itself, and the last typedef that led to it: the one that names an anonymous type.
    fn behind_typedefs(&self, mut id: u32) -> Option<(u32, BtfType, Option<&'a str>)> {
        let mut typedef = None;
        for _ in self.btf.ids() {
            let ty = self.btf.get(id)?;
            match ty.kind {
                kind::TYPEDEF => typedef = Some(self.btf.name(ty)),
                kind::VOLATILE | kind::CONST | kind::RESTRICT | kind::TYPE_TAG => {}
                _ => return Some((id, ty, typedef)),
            }
            id = ty.size_or_type;
        }
        None
    }

    /// Plain `char` is a byte: it is there for texts, and whether it can be negative is the machine's matter.
    fn int(&self, ty: BtfType) -> Type {
        let int = self.btf.int(ty);
        match ty.size_or_type {
            1 if int.is_bool => Type::Bool,
            size @ (1 | 2 | 4 | 8 | 16) if int.bits == size * 8 && int.offset == 0 => {
                Type::Int { size, signed: int.is_signed && self.btf.name(ty) != "char" }
            }
            size => Type::Bytes(size),
        }
    }

    pub(super) fn nested<T>(&mut self, work: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    fn item(&mut self, id: u32, ty: BtfType, hint: &str) -> Option<usize> {
        if let Some(&known) = self.known.get(&id) {
            if let Some(index) = known {
                self.mark(index);
            }
            return known;
        }
        self.known.insert(id, None);
        let c_name = self.btf.name(ty);
        let name = self.names.free(if c_name.is_empty() { hint } else { c_name });
        let is_kernels = special::is_kernels(ty.kind, c_name);
        let mut item = match ty.kind {
            kind::ENUM | kind::ENUM64 => self.enumeration(ty),
            _ => self.nested(|this| Some(this.composite(ty, &name, is_kernels)))?,
        };
        let word = match ty.kind {
            kind::STRUCT => "struct",
            kind::UNION => "union",
            _ => "enum",
        };
        item.has_lock = c_name == LOCK || item.parts().any(|ty| self.has_lock(ty));
        item.c_name =
            if c_name.is_empty() { format!("an {word} without a name") } else { format!("{word} {c_name}") };
        item.name = name;
        item.take(self.role);
        let index = self.types.items.len();
        self.types.items.push(item);
        self.known.insert(id, Some(index));
        Some(index)
    }

    /// An item that was needed before, now in this role, and what it is made of.
    fn mark(&mut self, index: usize) {
        let mut work = vec![index];
        while let Some(index) = work.pop() {
            if let Some(item) = self.types.items.get_mut(index) {
                if item.take(self.role) {
                    work.extend(item.parts().filter_map(Type::item));
                }
            }
        }
    }

    fn enumeration(&self, ty: BtfType) -> Item {
        let size = match ty.size_or_type {
            size @ (1 | 2 | 4 | 8) => size,
            size => return Item::bytes(size),
        };
        let mut names = Names::default();
        let values = self.btf.enumerators(ty).map(|(name, value)| (names.free(name), value)).collect();
        let kind = ItemKind::Enum { signed: self.btf.is_signed_enum(ty), values };
        Item { size, align: size, kind, ..Item::bytes(size) }
    }

    fn has_lock(&self, ty: &Type) -> bool {
        self.types.item_of(ty).is_some_and(|item| item.has_lock)
    }
}

impl Type {
    /// The item that it is, or that it is an array of.
    fn item(&self) -> Option<usize> {
        match self {
            Self::Array(element, _) => element.item(),
            Self::Item(index) => Some(*index),
            _ => None,
        }
    }
}

impl Item {
    /// So many bytes of which nothing is known.
    pub(super) fn bytes(size: u32) -> Self {
        Self {
            name: String::new(),
            c_name: String::new(),
            size,
            align: 1,
            kind: ItemKind::Bytes { fields: Vec::new(), bits: Vec::new() },
            in_variable: false,
            has_lock: false,
            in_key: false,
        }
    }

    /// Takes a role on; false when it has it already.
    fn take(&mut self, role: Role) -> bool {
        let has = match role {
            Role::Key => &mut self.in_key,
            Role::Value => return false,
            Role::Variable => &mut self.in_variable,
        };
        !mem::replace(has, true)
    }

    /// The types that it is made of.
    fn parts(&self) -> impl Iterator<Item = &Type> {
        let (fields, bits): (&[Field], &[_]) = match &self.kind {
            ItemKind::Struct { fields, bits, .. } | ItemKind::Bytes { fields, bits } => (fields, bits),
            ItemKind::Enum { .. } => (&[], &[]),
        };
        fields.iter().map(|field| &field.ty).chain(bits.iter().map(|bit: &super::BitField| &bit.ty))
    }
}
