//! Types by number, and what they say.

use super::format::{FIXED, Type, View, is_named, kind, word};
use crate::sys::{Errno, Memory};

/// Typedefs and qualifiers in a row that are followed; more are a circle.
const LONGEST_CHAIN: usize = 32;

/// A member of a struct or union.
#[derive(Clone, Copy)]
pub(crate) struct Member {
    pub(crate) name: u32,
    pub(crate) type_id: u32,
    /// Bytes from the start; none for a bit field.
    pub(crate) offset: Option<u32>,
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
        let mut places = Memory::zeroed((view.types.len() / FIXED + 1) * 4)?;
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
        match self.part(id) {
            Some((part, number)) => part.get(number),
            None => (id == 0).then_some(Type::VOID),
        }
    }

    /// The string that starts there, with all that follows it.
    pub(crate) fn string(&self, offset: u32) -> &'a [u8] {
        let base = self.base.view.strings().len() as u32;
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
