//! Structs and unions.

use super::collect::Collector;
use super::layout::layout;
use super::naming::Names;
use super::{BitField, Field, Item, ItemKind, Type};
use crate::btf::{Type as BtfType, kind};

/// A struct or union of more members is bytes: what the user's compiler makes of their fields grows faster than their
/// number.
const MAX_MEMBERS: usize = 4096;

/// A member as BTF gives it.
struct Member {
    name: String,
    ty: Type,
    /// In bits.
    offset: u32,
    /// The number of bits of a bit-field.
    bits: Option<u32>,
}

impl Collector<'_> {
    /// A struct or union of that name. One that is the kernel's own has no members that anyone could use.
    pub(super) fn composite(&mut self, ty: BtfType, name: &str, is_kernels: bool) -> Item {
        let size = ty.size_or_type;
        if ty.count as usize > MAX_MEMBERS {
            return Item::bytes(size);
        }
        let members = self.members(ty, name);
        let align = members.iter().flatten().map(|member| self.types.align(&member.ty)).max().unwrap_or(1);
        let align = if size % align == 0 { align } else { 1 };
        let item = match members {
            Some(members) if ty.kind == kind::STRUCT && !is_kernels => self.structure(members, size, align),
            Some(members) if ty.kind == kind::UNION => self.union(members, size, align),
            _ => None,
        };
        // What is left is as long and as aligned, and opaque.
        item.unwrap_or(Item { align, ..Item::bytes(size) })
    }

    /// None when one of them cannot be.
    fn members(&mut self, ty: BtfType, parent: &str) -> Option<Vec<Member>> {
        let mut anonymous = 0;
        let btf = self.btf;
        let members = btf.members(ty).map(|member| {
            let name = if member.name.is_empty() {
                anonymous += 1;
                format!("anon_{anonymous}")
            } else {
                member.name.to_owned()
            };
            let (offset, bits) = btf.member_bits(ty, &member);
            // An integer of fewer bits than its size is how older compilers describe a bit-field.
            let bits = bits.or_else(|| btf.odd_bits(member.type_id));
            let ty = self
                .ty(member.type_id, &format!("{parent}_{name}"))
                .or_else(|| bits.map(|_| Type::Bytes(8)))?;
            Some(Member { name, ty, offset, bits })
        });
        members.collect()
    }

    fn structure(&self, members: Vec<Member>, size: u32, align: u32) -> Option<Item> {
        // Fields and methods do not get in each other's way, but paddings and storages are fields.
        let (mut field_names, mut methods) = (Names::default(), Names::default());
        let mut fields: Vec<Field> = Vec::new();
        let mut bits: Vec<(Member, u32)> = Vec::new();
        for member in members {
            match member.bits {
                None => {
                    let name = field_names.free(&member.name);
                    let offset = whole_bytes(member.offset)?;
                    fields.push(Field { name, ty: member.ty, offset, hidden: false });
                }
                Some(width) => bits.push((member, width)),
            }
        }
        let mut storages = Vec::new();
        for (start, end) in runs(&bits, size)? {
            let name = field_names.free(&format!("__bits_{}", storages.len()));
            storages.push((start, name.clone()));
            fields.push(Field { name, ty: Type::Bytes(end - start), offset: start, hidden: true });
        }
        let bits = bits.into_iter().map(|(member, width)| {
            let (start, storage) = storages.iter().rfind(|(start, _)| *start <= member.offset / 8)?;
            Some(BitField {
                name: methods.free_with(&member.name, setter),
                ty: bit_type(&member.ty, width)?,
                storage: Some(storage.clone()),
                start: member.offset - start * 8,
                width,
            })
        });
        let bits = bits.collect::<Option<_>>()?;
        // Stable: an array without elements stays in front of what has the same offset.
        fields.sort_by_key(|field| field.offset);
        let layout = layout(&self.types, fields, size, align, &mut field_names)?;
        let kind = ItemKind::Struct { packed: layout.packed, fields: layout.fields, bits };
        Some(Item { align: layout.align, kind, ..Item::bytes(size) })
    }

    fn union(&self, members: Vec<Member>, size: u32, align: u32) -> Option<Item> {
        let mut names = Names::default();
        let (mut fields, mut bits) = (Vec::new(), Vec::new());
        for member in members {
            let name = names.free_with(&member.name, setter);
            match member.bits {
                None => {
                    let offset = whole_bytes(member.offset)?;
                    offset.checked_add(self.types.size(&member.ty)).filter(|&end| end <= size)?;
                    fields.push(Field { name, ty: member.ty, offset, hidden: false });
                }
                Some(width) => {
                    let start = member.offset;
                    start.checked_add(width).filter(|&end| u64::from(end) <= u64::from(size) * 8)?;
                    let ty = bit_type(&member.ty, width)?;
                    bits.push(BitField { name, ty, storage: None, start, width });
                }
            }
        }
        Some(Item { align, kind: ItemKind::Bytes { fields, bits }, ..Item::bytes(size) })
    }
}

fn setter(name: &str) -> Option<String> {
    Some(format!("set_{name}"))
}

fn whole_bytes(bits: u32) -> Option<u32> {
    (bits % 8 == 0).then_some(bits / 8)
}

/// The runs of bytes that bit-fields lie in, as start and end.
fn runs(bits: &[(Member, u32)], size: u32) -> Option<Vec<(u32, u32)>> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for (member, width) in bits {
        let last = member.offset.checked_add(width.checked_sub(1)?)?;
        let (start, end) = (member.offset / 8, last / 8 + 1);
        if end > size {
            return None;
        }
        match runs.last_mut() {
            Some(run) if start <= run.1 && start >= run.0 => run.1 = run.1.max(end),
            Some(run) if start < run.0 => return None,
            _ => runs.push((start, end)),
        }
    }
    Some(runs)
}

/// What a bit-field is read as: an integer, `bool` or enum, and never fewer bits than it has.
fn bit_type(ty: &Type, width: u32) -> Option<Type> {
    match ty {
        Type::Int { size: 16, .. } => None,
        Type::Int { size, .. } => (width <= size * 8).then(|| ty.clone()),
        Type::Bool => (width <= 8).then_some(Type::Bool),
        Type::Item(_) => (width <= 64).then(|| ty.clone()),
        _ => (width <= 64).then_some(Type::Int { size: 8, signed: false }),
    }
}
