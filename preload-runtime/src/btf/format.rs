//! The bytes of BTF: its parts, and where each type ends.
//!
//! Format: the kernel's `Documentation/bpf/btf.rst` and `linux/btf.h`. The header may grow (it did in 7.1), so its length
//! is read, not assumed. Nothing is copied: a type is read where it lies.

const MAGIC: u16 = 0xeb9f;

/// The length of the fixed part of a type, in bytes: name, information, size or type.
pub(crate) const FIXED: usize = 12;

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
    pub(crate) const DATASEC: u32 = 15;
    pub(crate) const DECL_TAG: u32 = 17;
    pub(crate) const TYPE_TAG: u32 = 18;
    pub(crate) const ENUM64: u32 = 19;
}

/// The fixed part of a type, and where its rest lies.
#[derive(Clone, Copy)]
pub(crate) struct Type {
    /// Where the name starts among the strings.
    pub(crate) name: u32,
    pub(crate) kind: u32,
    /// Members, parameters or values that follow.
    pub(crate) count: u32,
    /// The size in bytes or the type it refers to, by kind.
    pub(crate) size_or_type: u32,
    /// `kind_flag`: of structs and unions, that the offsets of members hold sizes of bit fields as well.
    pub(super) has_bit_fields: bool,
    pub(super) rest: usize,
}

impl Type {
    /// Type number 0.
    pub(super) const VOID: Self =
        Self { name: 0, kind: kind::VOID, count: 0, size_or_type: 0, has_bit_fields: false, rest: 0 };
}

/// The parts of a BTF.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) types: &'a [u8],
    strings: &'a [u8],
    /// How long types of each kind are, from 7.1 on: `struct btf_layout`, by number of the kind.
    layout: &'a [u8],
}

impl<'a> View<'a> {
    /// None when the bytes are not BTF of a known form.
    pub(crate) fn new(btf: &'a [u8]) -> Option<Self> {
        if btf.get(..2)? != MAGIC.to_le_bytes() {
            return None;
        }
        let header = word(btf, 4)? as usize;
        let part = |field: usize| {
            let start = header.checked_add(word(btf, field)? as usize)?;
            btf.get(start..start.checked_add(word(btf, field + 4)? as usize)?)
        };
        let layout = if header >= 32 { part(24)? } else { &[] };
        Some(Self { types: part(8)?, strings: part(16)?, layout })
    }

    pub(crate) fn strings(&self) -> &'a [u8] {
        self.strings
    }

    /// The type that starts there.
    pub(crate) fn at(&self, offset: usize) -> Option<Type> {
        let rest = offset.checked_add(FIXED)?;
        let fixed = self.types.get(offset..rest)?;
        let info = word(fixed, 4)?;
        let (kind, count) = kind_and_count(info);
        Some(Type {
            name: word(fixed, 0)?,
            kind,
            count,
            size_or_type: word(fixed, 8)?,
            has_bit_fields: info >> 31 == 1,
            rest,
        })
    }

    /// Where a type ends.
    pub(crate) fn end_of(&self, ty: Type) -> Option<usize> {
        let [once, each] = known_sizes(ty.kind).or_else(|| self.sizes_by_layout(ty.kind))?;
        let size = (ty.count as usize).checked_mul(each)?.checked_add(once)?;
        (ty.rest - FIXED).checked_add(size).filter(|end| *end <= self.types.len())
    }

    /// The same as [`known_sizes`] for a kind that is newer than this crate, as the BTF itself tells it.
    fn sizes_by_layout(&self, kind: u32) -> Option<[usize; 2]> {
        let &[once, each] = self.layout.get(kind as usize * 4..)?.first_chunk()?;
        Some([FIXED + usize::from(once), each.into()])
    }

    /// Shows each type with its place until `visit` says that it is enough; none when the types are damaged.
    pub(super) fn walk(&self, visit: &mut dyn FnMut(usize, Type) -> bool) -> Option<()> {
        let mut offset = 0;
        while offset < self.types.len() {
            let ty = self.at(offset)?;
            if !visit(offset, ty) {
                break;
            }
            offset = self.end_of(ty)?;
        }
        Some(())
    }

    /// The string that starts there, with all that follows it.
    pub(crate) fn string(&self, offset: u32) -> &'a [u8] {
        self.strings.get(offset as usize..).unwrap_or_default()
    }
}

pub(super) fn word(bytes: &[u8], offset: usize) -> Option<u32> {
    bytes.get(offset..)?.first_chunk().map(|word| u32::from_le_bytes(*word))
}

/// Whether the string that starts there is this one.
pub(crate) fn is_named(string: &[u8], name: &str) -> bool {
    string.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.first() == Some(&0))
}

/// What `info` of a type holds: 7 and 24 bits from 7.1 on; 5 and 16 before, with zeros between them.
#[inline(always)]
pub(crate) fn kind_and_count(info: u32) -> (u32, u32) {
    (info >> 24 & 0x7f, info & 0x00ff_ffff)
}

/// How many bytes a type of this kind takes: once, and for each of what it counts. None for kinds newer than 6.0.
#[inline(always)]
pub(crate) fn known_sizes(kind: u32) -> Option<[usize; 2]> {
    /// Zeros are none.
    const SIZES: [[u8; 2]; 128] = {
        let mut sizes = [[0; 2]; 128];
        let mut kind = kind::INT;
        while kind <= kind::ENUM64 {
            let [once, each] = match kind {
                kind::INT | kind::VAR | kind::DECL_TAG => [4, 0],
                kind::ARRAY => [12, 0],
                kind::STRUCT | kind::UNION | kind::DATASEC | kind::ENUM64 => [0, 12],
                kind::ENUM | kind::FUNC_PROTO => [0, 8],
                _ => [0, 0],
            };
            sizes[kind as usize] = [FIXED as u8 + once, each];
            kind += 1;
        }
        sizes
    };
    match *SIZES.get(kind as usize)? {
        [0, _] => None,
        [once, each] => Some([once as usize, each as usize]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// BTF of a header of 32 bytes, these types and this layout.
    fn btf(types: &[u32], layout: &[u8]) -> Vec<u8> {
        let types_len = types.len() as u32 * 4;
        let mut btf = Vec::from(MAGIC.to_le_bytes());
        btf.extend_from_slice(&[1, 0]);
        for word in [32, 0, types_len, types_len, 1, types_len + 1, layout.len() as u32].iter().chain(types) {
            btf.extend_from_slice(&word.to_le_bytes());
        }
        btf.push(0);
        btf.extend_from_slice(layout);
        btf
    }

    /// A type of kind 20 with a word and two elements of eight bytes, which the layout tells.
    #[test]
    fn a_kind_of_the_future_is_stepped_over() {
        let types = [0, 20 << 24 | 2, 0, 1, 2, 3, 4, 5, 0, kind::FUNC << 24, 0];
        let mut layout = vec![0; 20 * 4];
        layout.extend_from_slice(&[4, 8, 0, 0]);
        let bytes = btf(&types, &layout);
        let view = View::new(&bytes).unwrap();
        let ty = view.at(0).unwrap();
        assert_eq!((ty.kind, ty.count), (20, 2));
        assert_eq!(view.end_of(ty), Some(32));
        assert_eq!(view.at(32).unwrap().kind, kind::FUNC);

        let bytes = btf(&types, &[]);
        let view = View::new(&bytes).unwrap();
        assert!(view.end_of(ty).is_none(), "nothing tells its size");
    }

    #[test]
    fn more_members_than_16_bits_hold_are_stepped_over() {
        let mut types = vec![0, kind::ENUM << 24 | 0x0001_0001, 4];
        types.resize(3 + 0x0001_0001 * 2, 0);
        let bytes = btf(&types, &[]);
        let view = View::new(&bytes).unwrap();
        assert_eq!(view.end_of(view.at(0).unwrap()), Some(types.len() * 4));
    }

    #[test]
    fn damaged_bytes_are_no_btf() {
        let whole = btf(&[0, kind::INT << 24, 4, 32], &[0; 8]);
        for len in 0..whole.len() {
            assert!(View::new(&whole[..len]).is_none(), "cut to {len} bytes");
        }
    }
}
