//! What BTF says of sizes, places and values, for those who look inside of data.

use super::{Btf, Member, Type, kind};

/// `BTF_INT_SIGNED`, `BTF_INT_BOOL`.
const INT_SIGNED: u32 = 1;
const INT_BOOL: u32 = 4;
/// `kind_flag`: members of a struct give the width of bit-fields, values of an enum are signed.
const KIND_FLAG: u32 = 1 << 31;
/// The encoding of an integer.
pub(crate) struct Int {
    pub(crate) is_signed: bool,
    pub(crate) is_bool: bool,
    /// Bits in front of the value, in bytes that hold more than it.
    pub(crate) offset: u32,
    pub(crate) bits: u32,
}

impl Btf {
    pub(crate) fn int(&self, ty: Type) -> Int {
        let word = self.word(ty.rest);
        let encoding = word >> 24 & 0xf;
        Int {
            is_signed: encoding & INT_SIGNED != 0,
            is_bool: encoding & INT_BOOL != 0,
            offset: word >> 16 & 0xff,
            bits: word & 0xff,
        }
    }

    fn kind_flag(&self, ty: Type) -> bool {
        self.word(ty.rest - 8) & KIND_FLAG != 0
    }

    /// Where a member lies, in bits, and how many it has if it is a bit-field.
    pub(crate) fn member_bits(&self, parent: Type, member: &Member<'_>) -> (u32, Option<u32>) {
        if self.kind_flag(parent) {
            let width = member.bits >> 24;
            (member.bits & 0x00ff_ffff, (width != 0).then_some(width))
        } else {
            (member.bits, None)
        }
    }

    /// The bits of an integer that has fewer than its bytes do.
    pub(crate) fn odd_bits(&self, id: u32) -> Option<u32> {
        let (_, ty) = self.resolve(id).filter(|(_, ty)| ty.kind == kind::INT)?;
        let int = self.int(ty);
        (u64::from(int.bits) != u64::from(ty.size_or_type) * 8 && int.offset == 0).then_some(int.bits)
    }

    pub(crate) fn is_signed_enum(&self, ty: Type) -> bool {
        // Before clang 16 the flag was not there; then a value that is negative tells.
        self.kind_flag(ty)
            || (ty.kind == kind::ENUM && self.raw_enumerators(ty).any(|(_, value)| (value as i32) < 0))
    }

    /// The names of an enum with their values, in order.
    pub(crate) fn enumerators(&self, ty: Type) -> impl Iterator<Item = (&str, i128)> {
        let signed = self.is_signed_enum(ty);
        let wide = ty.kind == kind::ENUM64;
        self.raw_enumerators(ty).map(move |(name, value)| {
            let value = match (signed, wide) {
                (true, true) => i128::from(value as i64),
                (true, false) => i128::from(value as u32 as i32),
                (false, _) => i128::from(value),
            };
            (name, value)
        })
    }

    fn raw_enumerators(&self, ty: Type) -> impl Iterator<Item = (&str, u64)> {
        let wide = ty.kind == kind::ENUM64;
        (0..ty.count as usize).map(move |number| {
            let at = ty.rest + number * if wide { 12 } else { 8 };
            let high = if wide { u64::from(self.word(at + 8)) << 32 } else { 0 };
            (self.string(self.word(at)).unwrap_or_default(), high | u64::from(self.word(at + 4)))
        })
    }
}
