//! Types as the kernel's files and objects hold them: walked through in order, or looked up by number.
//!
//! Format: the kernel's `Documentation/bpf/btf.rst`; the header may grow (it did in 7.1), so its length is read, not
//! assumed. Nothing is copied: a type is read where it lies.

use crate::sys::{Errno, Memory};

const MAGIC: u16 = 0xeb9f;

/// `BTF_KIND_*`.
pub(crate) mod kind {
    pub(crate) const VOID: u32 = 0;
    pub(crate) const INT: u32 = 1;
    pub(crate) const PTR: u32 = 2;
    pub(crate) const ARRAY: u32 = 3;
    pub(crate) const STRUCT: u32 = 4;
    pub(crate) const UNION: u32 = 5;
    pub(crate) const ENUM: u32 = 6;
    pub(crate) const FWD: u32 = 7;
    pub(crate) const TYPEDEF: u32 = 8;
    pub(crate) const VOLATILE: u32 = 9;
    pub(crate) const CONST: u32 = 10;
    pub(crate) const RESTRICT: u32 = 11;
    pub(crate) const FUNC: u32 = 12;
    pub(crate) const FUNC_PROTO: u32 = 13;
    pub(crate) const VAR: u32 = 14;
    pub(crate) const TYPE_TAG: u32 = 18;
    pub(crate) const ENUM64: u32 = 19;
}

/// Typedefs and qualifiers in a row that are followed; more are a circle.
const LONGEST_CHAIN: usize = 32;

/// The fixed part of a type, and where its rest lies.
#[derive(Clone, Copy)]
pub(crate) struct Type {
    pub(crate) name: u32,
    pub(crate) kind: u32,
    /// Members, parameters or values that follow.
    pub(crate) count: u32,
    /// The size in bytes or the type it refers to, by kind.
    pub(crate) size_or_type: u32,
    /// Whether the offsets of members hold sizes of bit fields as well.
    has_bit_fields: bool,
    rest: usize,
}

/// A member of a struct or union.
#[derive(Clone, Copy)]
pub(crate) struct Member {
    pub(crate) name: u32,
    pub(crate) type_id: u32,
    /// Bytes from the start; none for a bit field.
    pub(crate) offset: Option<u32>,
}

/// The two parts of a BTF.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    types: &'a [u8],
    strings: &'a [u8],
}

fn word(bytes: &[u8], offset: usize) -> Option<u32> {
    let word = bytes.get(offset..offset.checked_add(4)?)?;
    Some(u32::from_le_bytes(word.try_into().ok()?))
}

impl<'a> View<'a> {
    /// None when the bytes are not BTF of a known form.
    pub(crate) fn new(btf: &'a [u8]) -> Option<Self> {
        if btf.get(..2)? != MAGIC.to_le_bytes() {
            return None;
        }
        let header = word(btf, 4)? as usize;
        let part = |offset: usize, len: usize| {
            let start = header.checked_add(offset)?;
            btf.get(start..start.checked_add(len)?)
        };
        let types = part(word(btf, 8)? as usize, word(btf, 12)? as usize)?;
        let strings = part(word(btf, 16)? as usize, word(btf, 20)? as usize)?;
        Some(Self { types, strings })
    }

    fn at(&self, offset: usize) -> Option<Type> {
        let info = word(self.types, offset.checked_add(4)?)?;
        Some(Type {
            name: word(self.types, offset)?,
            kind: info >> 24 & 0x1f,
            count: info & 0xffff,
            size_or_type: word(self.types, offset + 8)?,
            has_bit_fields: info >> 31 == 1,
            rest: offset + 12,
        })
    }

    /// Shows each type with its place until `visit` says that it is enough; none when the types are damaged.
    pub(crate) fn walk(&self, visit: &mut dyn FnMut(usize, Type) -> bool) -> Option<()> {
        let mut offset = 0;
        while offset < self.types.len() {
            let ty = self.at(offset)?;
            if !visit(offset, ty) {
                break;
            }
            offset = ty.rest + rest_size(ty.kind, ty.count as usize)?;
        }
        Some(())
    }

    /// The string that starts there, with all that follows it.
    pub(crate) fn string(&self, offset: u32) -> &'a [u8] {
        self.strings.get(offset as usize..).unwrap_or_default()
    }
}

/// Whether the string that starts there is this one.
pub(crate) fn is_named(string: &[u8], name: &str) -> bool {
    string.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.first() == Some(&0))
}

/// Bytes behind the fixed part of a type: `btf_kind_meta` sizes of `linux/btf.h`.
fn rest_size(kind: u32, count: usize) -> Option<usize> {
    Some(match kind {
        // INT, VAR, DECL_TAG
        1 | 14 | 17 => 4,
        // ARRAY
        3 => 12,
        // STRUCT, UNION, DATASEC, ENUM64
        4 | 5 | 15 | 19 => count * 12,
        // ENUM, FUNC_PROTO
        6 | 13 => count * 8,
        // PTR, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, FLOAT, TYPE_TAG
        2 | 7..=12 | 16 | 18 => 0,
        _ => return None,
    })
}

/// One BTF with the places of its types.
pub(crate) struct Numbered<'a> {
    view: View<'a>,
    /// A word for each type.
    places: Memory,
    count: u32,
}

impl<'a> Numbered<'a> {
    /// None when the types are damaged.
    pub(crate) fn new(view: View<'a>) -> Result<Option<Self>, Errno> {
        // No type is shorter than its fixed part.
        let mut places = Memory::zeroed((view.types.len() / 12 + 1) * 4)?;
        let mut count = 0_u32;
        let mut words = places.bytes_mut().chunks_exact_mut(4);
        let walked = view.walk(&mut |offset, _| {
            let Some(word) = words.next() else { return false };
            word.copy_from_slice(&(offset as u32).to_le_bytes());
            count += 1;
            true
        });
        Ok(walked.map(|()| Self { view, places, count }))
    }

    /// By number, counted from 0 here.
    fn get(&self, number: u32) -> Option<Type> {
        let place = word(self.places.bytes(), number as usize * 4).filter(|_| number < self.count)?;
        self.view.at(place as usize)
    }
}

/// Types by number: those of the kernel or of an object, or those of a module behind the kernel's.
#[derive(Clone, Copy)]
pub(crate) struct Graph<'a> {
    base: &'a Numbered<'a>,
    module: Option<&'a Numbered<'a>>,
}

impl<'a> Graph<'a> {
    pub(crate) fn new(base: &'a Numbered<'a>) -> Self {
        Self { base, module: None }
    }

    /// The types of a module behind those of the kernel.
    pub(crate) fn with_module(self, module: &'a Numbered<'a>) -> Self {
        Self { module: Some(module), ..self }
    }

    fn part(&self, id: u32) -> Option<(&'a Numbered<'a>, u32)> {
        let number = id.checked_sub(1)?;
        match number.checked_sub(self.base.count) {
            None => Some((self.base, number)),
            Some(number) => Some((self.module?, number)),
        }
    }

    /// The type of that number; 0 is `void`.
    pub(crate) fn get(&self, id: u32) -> Option<Type> {
        const VOID: Type =
            Type { name: 0, kind: kind::VOID, count: 0, size_or_type: 0, has_bit_fields: false, rest: 0 };
        match self.part(id) {
            Some((part, number)) => part.get(number),
            None => (id == 0).then_some(VOID),
        }
    }

    /// The string that starts there, with all that follows it.
    pub(crate) fn string(&self, offset: u32) -> &'a [u8] {
        let base = self.base.view.strings.len() as u32;
        match (offset.checked_sub(base), self.module) {
            (Some(offset), Some(module)) => module.view.string(offset),
            _ => self.base.view.string(offset),
        }
    }

    /// Shows each type of the module, where there is one, else of all, with its number, until `visit` says that it is
    /// enough; none when the types are damaged.
    pub(crate) fn walk(&self, visit: &mut dyn FnMut(u32, Type) -> bool) -> Option<()> {
        let (part, mut id) = match self.module {
            Some(module) => (module, self.base.count + 1),
            None => (self.base, 1),
        };
        part.view.walk(&mut |_, ty| {
            id += 1;
            visit(id - 1, ty)
        })
    }

    /// The number of the type of this kind and name, of those that [`walk`](Self::walk) shows.
    pub(crate) fn find(&self, kind: u32, name: &str) -> Option<u32> {
        let mut found = None;
        self.walk(&mut |id, ty| {
            if ty.kind == kind && is_named(self.string(ty.name), name) {
                found = Some(id);
            }
            found.is_none()
        });
        found
    }

    /// The type behind typedefs and qualifiers, with its number.
    pub(crate) fn resolve(&self, mut id: u32) -> Option<(u32, Type)> {
        use kind::{CONST, RESTRICT, TYPE_TAG, TYPEDEF, VOLATILE};
        for _ in 0..LONGEST_CHAIN {
            let ty = self.get(id)?;
            if !matches!(ty.kind, TYPEDEF | VOLATILE | CONST | RESTRICT | TYPE_TAG) {
                return Some((id, ty));
            }
            id = ty.size_or_type;
        }
        None
    }

    /// A word of what follows the fixed part of a type of that number.
    fn rest(&self, id: u32, ty: Type, at: usize) -> Option<u32> {
        let (part, _) = self.part(id)?;
        word(part.view.types, ty.rest + at)
    }

    /// Element type and number of elements of an array.
    pub(crate) fn array(&self, id: u32, ty: Type) -> Option<(u32, u32)> {
        Some((self.rest(id, ty, 0)?, self.rest(id, ty, 8)?))
    }

    /// The type of a parameter of a prototype.
    pub(crate) fn parameter(&self, id: u32, ty: Type, number: u32) -> Option<u32> {
        self.rest(id, ty, number as usize * 8 + 4)
    }

    /// A member of a struct or union.
    pub(crate) fn member(&self, id: u32, ty: Type, number: u32) -> Option<Member> {
        let at = number as usize * 12;
        let offset = self.rest(id, ty, at + 8)?;
        let is_bit_field = ty.has_bit_fields && offset >> 24 != 0 || offset % 8 != 0;
        Some(Member {
            name: self.rest(id, ty, at)?,
            type_id: self.rest(id, ty, at + 4)?,
            offset: (!is_bit_field).then_some(offset / 8),
        })
    }

    /// The size of a type in bytes; none for those without one.
    pub(crate) fn size_of(&self, id: u32) -> Option<u32> {
        let (mut id, mut factor) = (id, 1_u32);
        for _ in 0..LONGEST_CHAIN {
            let (at, ty) = self.resolve(id)?;
            match ty.kind {
                kind::PTR => return factor.checked_mul(8),
                kind::ARRAY => {
                    let (element, count) = self.array(at, ty)?;
                    factor = factor.checked_mul(count)?;
                    id = element;
                }
                kind::INT | kind::STRUCT | kind::UNION | kind::ENUM | kind::ENUM64 => {
                    return factor.checked_mul(ty.size_or_type);
                }
                _ => return None,
            }
        }
        None
    }

    /// Whether a BTF integer is part of something larger, as old compilers had bit fields.
    pub(crate) fn is_shifted_integer(&self, id: u32, ty: Type) -> bool {
        self.rest(id, ty, 0).is_none_or(|encoding| encoding >> 16 & 0xff != 0)
    }
}
