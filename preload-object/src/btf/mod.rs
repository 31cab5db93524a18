//! BTF, the type information of the object: checked, looked up, written for the kernel.
//!
//! The format is that of the kernel's `Documentation/bpf/btf.rst`. What clang leaves open is filled in by
//! `complete`; what old kernels do not know is replaced by `old`.

mod complete;
mod externs;
mod layout;
mod old;

use std::collections::HashMap;
use std::ffi::CStr;

use crate::error::{Error, ErrorKind};

pub(crate) use externs::Declaration;

const MAGIC: u16 = 0xeb9f;
const HEADER: usize = 24;
/// The kernel's own limits (`BTF_MAX_TYPE`, `BTF_MAX_NAME_OFFSET`).
const MAX_TYPES: usize = 0x000f_ffff;
/// Typedefs, qualifiers and arrays in one another; libbpf and the kernel take as many.
const MAX_DEPTH: usize = 32;
/// The longest string, which may be a line of source.
const MAX_STRING: usize = 64 << 10;

/// `BTF_KIND_*`, as far as this crate names them; the rest is copied unread.
pub(crate) mod kind {
    pub(crate) const INT: u32 = 1;
    pub(crate) const PTR: u32 = 2;
    pub(crate) const ARRAY: u32 = 3;
    pub(crate) const STRUCT: u32 = 4;
    pub(crate) const UNION: u32 = 5;
    pub(crate) const ENUM: u32 = 6;
    pub(crate) const TYPEDEF: u32 = 8;
    pub(crate) const VOLATILE: u32 = 9;
    pub(crate) const CONST: u32 = 10;
    pub(crate) const RESTRICT: u32 = 11;
    pub(crate) const FUNC: u32 = 12;
    pub(crate) const FUNC_PROTO: u32 = 13;
    pub(crate) const VAR: u32 = 14;
    pub(crate) const DATASEC: u32 = 15;
    pub(crate) const FLOAT: u32 = 16;
    pub(crate) const DECL_TAG: u32 = 17;
    pub(crate) const TYPE_TAG: u32 = 18;
    pub(crate) const ENUM64: u32 = 19;
    pub(crate) const FWD: u32 = 7;
}

/// Linkage of variables and functions: `BTF_VAR_STATIC` and `BTF_FUNC_STATIC` are both 0.
const STATIC: u32 = 0;
/// In the info word of an `enum`: its values are signed.
const SIGNED: u32 = 1 << 31;

/// One type: the fixed part, and where its kind-specific rest lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type {
    pub(crate) name_offset: u32,
    pub(crate) kind: u32,
    /// Members, variables, parameters or values that follow; for a function its linkage.
    pub(crate) count: u32,
    /// The size in bytes or the type it refers to, by kind.
    pub(crate) size_or_type: u32,
    /// Offset of the kind-specific rest in the type section.
    rest: usize,
}

/// A member of a struct.
pub(crate) struct Member<'a> {
    pub(crate) name: &'a str,
    pub(crate) type_id: u32,
    /// Its offset in bits; of a bit field with its size in the upper eight.
    pub(crate) bits: u32,
}

/// A variable of a data section.
#[derive(Clone, Copy)]
pub(crate) struct SectionVariable {
    pub(crate) type_id: u32,
    pub(crate) offset: u32,
    pub(crate) size: u32,
}

/// A tag on a declaration.
pub(crate) struct DeclTag<'a> {
    pub(crate) value: &'a str,
    /// What it is on.
    pub(crate) type_id: u32,
    /// The argument or member, where it is not on the whole.
    pub(crate) component: Option<u32>,
}

/// Checked BTF of one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Btf {
    types: Vec<u8>,
    strings: Vec<u8>,
    /// Offset of each type in `types`; the void type has number 0 and no entry.
    index: Vec<usize>,
}

fn bad(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::BadBtf(what.into())).in_section(".BTF")
}

// This crate runs inside of compilers, mostly as dev builds make it: nothing is inlined then, and a call is what costs. What is
// done with every word or byte of an object is therefore done with plain indices, or with functions that the standard
// library has compiled.

pub(crate) fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    if bytes.len() < 4 || offset > bytes.len() - 4 {
        return None;
    }
    Some(u32::from_le_bytes([bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]]))
}

/// The string that begins there, without its NUL.
fn string_at(strings: &[u8], offset: usize) -> Option<&CStr> {
    CStr::from_bytes_until_nul(strings.get(offset..)?).ok()
}

fn put_u32(bytes: &mut [u8], offset: usize, value: u32) {
    if let Some(word) = bytes.get_mut(offset..offset + 4) {
        word.copy_from_slice(&value.to_le_bytes());
    }
}

impl Btf {
    /// Parses the bytes of a `.BTF` section; every type and name it refers to is known to exist afterwards.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let header = bytes.get(..HEADER).ok_or_else(|| bad("shorter than its header"))?;
        if header[..2] != MAGIC.to_le_bytes() {
            return Err(bad("wrong magic number"));
        }
        if header[2] != 1 {
            return Err(bad(format!("version {}, known is 1", header[2])));
        }
        let field = |offset| u32_at(header, offset).unwrap_or_default() as usize;
        let part = |offset: usize, length: usize| {
            let start = field(4).checked_add(offset)?;
            bytes.get(start..start.checked_add(length)?)
        };
        let types = part(field(8), field(12)).ok_or_else(|| bad("types outside the section"))?;
        let strings = part(field(16), field(20)).ok_or_else(|| bad("strings outside the section"))?;
        if strings.first() != Some(&0) || strings.last() != Some(&0) {
            return Err(bad("strings do not start and end with a NUL"));
        }
        let mut offset = 0;
        while let Some(string) = string_at(strings, offset) {
            if string.to_bytes().len() > MAX_STRING {
                return Err(bad("a string longer than any line of source"));
            }
            offset += string.to_bytes_with_nul().len();
        }

        let mut btf = Self { types: types.to_vec(), strings: strings.to_vec(), index: Vec::new() };
        let mut offset = 0;
        while offset < btf.types.len() {
            if btf.index.len() >= MAX_TYPES {
                return Err(bad("more types than the kernel takes"));
            }
            btf.index.push(offset);
            let ty = btf.read(offset).ok_or_else(|| bad("a type is cut off"))?;
            let rest = rest_size(ty).ok_or_else(|| {
                bad(format!("type {} is of kind {}, which is not known", btf.index.len(), ty.kind))
            })?;
            offset = ty.rest + rest;
        }
        if offset != btf.types.len() {
            return Err(bad("the last type is cut off"));
        }
        btf.check_references()?;
        Ok(btf)
    }

    /// Every name and type number lies inside, so that later look-ups cannot fail on a parsed object.
    fn check_references(&self) -> Result<(), Error> {
        for id in self.ids() {
            let check_name = |offset: u32| {
                // The last byte ends any string that begins inside.
                if (offset as usize) < self.strings.len() {
                    Ok(())
                } else {
                    Err(bad(format!("type {id} has a name outside the strings")))
                }
            };
            let check_type = |other: u32| {
                if other as usize <= self.index.len() {
                    Ok(())
                } else {
                    Err(bad(format!("type {id} refers to type {other}, which is not there")))
                }
            };
            let Some(ty) = self.get(id) else { continue };
            check_name(ty.name_offset)?;
            match ty.kind {
                kind::PTR
                | kind::TYPEDEF
                | kind::VOLATILE
                | kind::CONST
                | kind::RESTRICT
                | kind::FUNC
                | kind::FUNC_PROTO
                | kind::VAR
                | kind::DECL_TAG
                | kind::TYPE_TAG => check_type(ty.size_or_type)?,
                _ => {}
            }
            // (name, type) positions inside each record of the rest.
            let (record, name, reference): (usize, Option<usize>, Option<usize>) = match ty.kind {
                kind::STRUCT | kind::UNION => (12, Some(0), Some(4)),
                kind::FUNC_PROTO => (8, Some(0), Some(4)),
                kind::ENUM => (8, Some(0), None),
                kind::ENUM64 => (12, Some(0), None),
                kind::DATASEC => (12, None, Some(0)),
                kind::ARRAY => {
                    check_type(self.word(ty.rest))?;
                    check_type(self.word(ty.rest + 4))?;
                    continue;
                }
                _ => continue,
            };
            for number in 0..ty.count as usize {
                let at = ty.rest + number * record;
                if let Some(name) = name {
                    check_name(self.word(at + name))?;
                }
                if let Some(reference) = reference {
                    check_type(self.word(at + reference))?;
                }
            }
        }
        Ok(())
    }

    fn word(&self, offset: usize) -> u32 {
        u32_at(&self.types, offset).unwrap_or_default()
    }

    fn read(&self, offset: usize) -> Option<Type> {
        let info = u32_at(&self.types, offset + 4)?;
        Some(Type {
            name_offset: u32_at(&self.types, offset)?,
            // 7 and 24 bits from Linux 7.1 on; 5 and 16 before, with zeros between them.
            kind: info >> 24 & 0x7f,
            count: info & 0x00ff_ffff,
            size_or_type: u32_at(&self.types, offset + 8)?,
            rest: offset + 12,
        })
    }

    /// All type numbers in order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = u32> + use<> {
        (1..=self.index.len()).map(|id| id as u32)
    }

    /// The type of that number; none for void (0) and for numbers out of range.
    pub(crate) fn get(&self, id: u32) -> Option<Type> {
        let slot = (id as usize).checked_sub(1)?;
        self.read(*self.index.get(slot)?)
    }

    pub(crate) fn string(&self, offset: u32) -> Option<&str> {
        string_at(&self.strings, offset as usize)?.to_str().ok()
    }

    /// The name of a type; empty for an anonymous one.
    pub(crate) fn name(&self, ty: Type) -> &str {
        self.string(ty.name_offset).unwrap_or_default()
    }

    /// The type behind typedefs and qualifiers, with its number; none for a chain that is too long, or a circle.
    pub(crate) fn resolve(&self, mut id: u32) -> Option<(u32, Type)> {
        for _ in 0..MAX_DEPTH {
            let ty = self.get(id)?;
            match ty.kind {
                kind::TYPEDEF | kind::VOLATILE | kind::CONST | kind::RESTRICT | kind::TYPE_TAG => {
                    id = ty.size_or_type;
                }
                _ => return Some((id, ty)),
            }
        }
        None
    }

    /// The size of a type in bytes; none for those without one and for circular definitions.
    pub(crate) fn size_of(&self, id: u32) -> Option<u32> {
        let mut factor = 1_u32;
        let mut id = id;
        for _ in 0..MAX_DEPTH {
            let (_, ty) = self.resolve(id)?;
            match ty.kind {
                kind::INT
                | kind::STRUCT
                | kind::UNION
                | kind::ENUM
                | kind::ENUM64
                | kind::FLOAT
                | kind::DATASEC => {
                    return factor.checked_mul(ty.size_or_type);
                }
                kind::PTR => return factor.checked_mul(8),
                kind::ARRAY => {
                    let (element, count) = self.array(ty);
                    factor = factor.checked_mul(count)?;
                    id = element;
                }
                kind::VAR => id = ty.size_or_type,
                _ => return None,
            }
        }
        None
    }

    /// Element type and number of elements of an array.
    pub(crate) fn array(&self, array: Type) -> (u32, u32) {
        (self.word(array.rest), self.word(array.rest + 8))
    }

    /// The value of an `enum` that has one only.
    pub(crate) fn only_value(&self, ty: Type) -> Option<u64> {
        let low = self.word(ty.rest + 4);
        match (ty.kind, ty.count) {
            (kind::ENUM, 1) if self.word(ty.rest - 8) & SIGNED != 0 => Some(i64::from(low as i32) as u64),
            (kind::ENUM, 1) => Some(u64::from(low)),
            (kind::ENUM64, 1) => Some(u64::from(self.word(ty.rest + 8)) << 32 | u64::from(low)),
            _ => None,
        }
    }

    /// Whether a type is an integer of 32 bits behind typedefs and qualifiers; an `enum` is none.
    pub(crate) fn is_int32(&self, id: u32) -> bool {
        // Encoding, offset and bits; the encoding may be any.
        let bits = |ty: Type| self.word(ty.rest) & 0x00ff_ffff;
        self.resolve(id).is_some_and(|(_, ty)| ty.kind == kind::INT && ty.size_or_type == 4 && bits(ty) == 32)
    }

    /// Whether a type is a struct behind typedefs and qualifiers.
    pub(crate) fn is_struct(&self, id: u32) -> bool {
        self.resolve(id).is_some_and(|(_, ty)| ty.kind == kind::STRUCT)
    }

    /// The members of a struct or union, in order.
    pub(crate) fn members(&self, ty: Type) -> impl Iterator<Item = Member<'_>> {
        (0..ty.count).filter_map(move |index| self.member(ty, index))
    }

    /// One of them, by its index.
    pub(crate) fn member(&self, ty: Type, index: u32) -> Option<Member<'_>> {
        let at = ty.rest + index as usize * 12;
        (index < ty.count).then(|| Member {
            name: self.string(self.word(at)).unwrap_or_default(),
            type_id: self.word(at + 4),
            bits: self.word(at + 8),
        })
    }

    /// The name of a value of an enumeration, by its index.
    pub(crate) fn enumerator(&self, ty: Type, index: u32) -> Option<&str> {
        let size = match ty.kind {
            kind::ENUM => 8,
            kind::ENUM64 => 12,
            _ => return None,
        };
        (index < ty.count).then(|| self.string(self.word(ty.rest + index as usize * size)))?
    }

    /// The variables of a data section, in order.
    pub(crate) fn variables(&self, section: Type) -> impl Iterator<Item = SectionVariable> + '_ {
        (0..section.count as usize).map(move |number| {
            let at = section.rest + number * 12;
            SectionVariable { type_id: self.word(at), offset: self.word(at + 4), size: self.word(at + 8) }
        })
    }

    /// Whether a variable is `static`, which includes hidden ones after [`complete`](Self::complete).
    pub(crate) fn is_static(&self, variable: Type) -> bool {
        self.word(variable.rest) == STATIC
    }

    /// The tags on declarations, in order.
    pub(crate) fn decl_tags(&self) -> impl Iterator<Item = DeclTag<'_>> {
        let tags = self.ids().filter_map(|id| self.get(id)).filter(|ty| ty.kind == kind::DECL_TAG);
        tags.map(|ty| DeclTag {
            value: self.name(ty),
            type_id: ty.size_or_type,
            component: Some(self.word(ty.rest)).filter(|&component| component != u32::MAX),
        })
    }

    /// The name of a function that is not static.
    pub(crate) fn global_function(&self, id: u32) -> Option<&str> {
        let ty = self.get(id).filter(|ty| ty.kind == kind::FUNC && ty.count != STATIC)?;
        Some(self.name(ty))
    }

    /// Whether functions of the object are described.
    pub(crate) fn has_functions(&self) -> bool {
        self.ids().filter_map(|id| self.get(id)).any(|ty| ty.kind == kind::FUNC)
    }

    /// The data sections by name, with their numbers; the first where a name is there twice.
    pub(crate) fn data_sections(&self) -> HashMap<&str, (u32, Type)> {
        let mut found = HashMap::new();
        for (id, ty) in self.ids().filter_map(|id| Some((id, self.get(id)?))) {
            if ty.kind == kind::DATASEC {
                found.entry(self.name(ty)).or_insert((id, ty));
            }
        }
        found
    }

    /// Writes the variables of a data section anew, as many as there were, and its size.
    fn put_variables(&mut self, section: Type, variables: &[SectionVariable], size: u32) {
        put_u32(&mut self.types, section.rest - 4, size);
        for (number, variable) in variables.iter().enumerate() {
            let at = section.rest + number * 12;
            put_u32(&mut self.types, at, variable.type_id);
            put_u32(&mut self.types, at + 4, variable.offset);
            put_u32(&mut self.types, at + 8, variable.size);
        }
    }

    /// Appends a type of four words; its number.
    fn push_type(&mut self, words: [u32; 4]) -> u32 {
        self.index.push(self.types.len());
        for word in words {
            self.types.extend_from_slice(&word.to_le_bytes());
        }
        self.index.len() as u32
    }

    /// Appends a string; its place.
    fn push_string(&mut self, text: &str) -> u32 {
        let place = self.strings.len() as u32;
        self.strings.extend_from_slice(text.as_bytes());
        self.strings.push(0);
        place
    }

    /// The bytes for `BPF_BTF_LOAD`: header, types, strings, nothing between them.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.types.len() + self.strings.len());
        bytes.extend_from_slice(&MAGIC.to_le_bytes());
        bytes.extend_from_slice(&[1, 0]);
        let types = self.types.len() as u32;
        for word in [HEADER as u32, 0, types, types, self.strings.len() as u32] {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        bytes.extend_from_slice(&self.types);
        bytes.extend_from_slice(&self.strings);
        bytes
    }
}

/// Bytes that follow the fixed part of a type; none for a kind that is not known.
fn rest_size(ty: Type) -> Option<usize> {
    let count = ty.count as usize;
    Some(match ty.kind {
        kind::INT | kind::VAR | kind::DECL_TAG => 4,
        kind::ARRAY => 12,
        kind::STRUCT | kind::UNION | kind::DATASEC | kind::ENUM64 => count * 12,
        kind::ENUM | kind::FUNC_PROTO => count * 8,
        kind::PTR
        | kind::FWD
        | kind::TYPEDEF
        | kind::VOLATILE
        | kind::CONST
        | kind::RESTRICT
        | kind::FUNC
        | kind::FLOAT
        | kind::TYPE_TAG => 0,
        _ => return None,
    })
}
