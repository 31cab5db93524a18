//! One pass over type information.
//!
//! Format: the kernel's `Documentation/bpf/btf.rst`; the header may grow (it did in 7.1), so its length is read, not
//! assumed. That of a module is the continuation of the kernel's: its numbers of types and its strings begin where those
//! end.

use super::Wanted;
use super::filter::Filter;
use crate::plan::BtfTarget;

const MAGIC: u16 = 0xeb9f;
/// `BTF_KIND_TYPEDEF`, `BTF_KIND_FUNC`: targets are of no other kind.
const TARGET_KINDS: [u32; 2] = [8, 12];

/// What the type information of a module is the continuation of.
pub(super) struct Base<'a> {
    /// The number of types, without that of number 0.
    pub(super) types: u32,
    pub(super) strings: &'a [u8],
}

/// Type information of the kernel or of a module.
pub(super) struct Types<'a> {
    types: &'a [u8],
    strings: &'a [u8],
    base: Option<&'a Base<'a>>,
}

/// A place between two types.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    /// Types before it.
    number: u32,
    offset: usize,
}

impl Cursor {
    pub(super) const START: Self = Self { number: 0, offset: 0 };
}

impl<'a> Types<'a> {
    /// None when the bytes are not BTF of a known form.
    pub(super) fn of(btf: &'a [u8], base: Option<&'a Base<'a>>) -> Option<Self> {
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
        Some(Self { types, strings, base })
    }

    pub(super) fn strings(&self) -> &'a [u8] {
        self.strings
    }

    /// Finds what is wanted and `here` lets be looked for; it ends with the last of that. None when the types cannot be
    /// followed.
    pub(super) fn find(&self, wanted: &mut [Wanted], here: impl Fn(&BtfTarget) -> bool) -> Option<Cursor> {
        let sought = |wanted: &Wanted| wanted.missing().is_some_and(&here);
        let mut missing = wanted.iter().filter(|wanted| sought(wanted)).count();
        let filter = Filter::new(wanted.iter().filter_map(Wanted::missing));
        let first = self.base.map_or(0, |base| base.types);
        let mut at = Cursor::START;
        while missing > 0 && at.offset < self.types.len() {
            let (kind, name, next) = self.step(at)?;
            if TARGET_KINDS.contains(&kind) {
                let name = self.string(name)?;
                if !filter.may_be_wanted(name) {
                    at = next;
                    continue;
                }
                let fits = |target: &BtfTarget| target.kind == kind && is_named(name, target.name);
                for wanted in wanted.iter_mut() {
                    if sought(wanted) && wanted.target.is_some_and(fits) {
                        wanted.id = first + next.number;
                        missing -= 1;
                    }
                }
            }
            at = next;
        }
        Some(at)
    }

    /// The number of the function of this name; none when there is none, or the types cannot be followed.
    pub(super) fn function(&self, wanted: &str) -> Option<u32> {
        /// `BTF_KIND_FUNC`.
        const FUNC: u32 = 12;
        let mut at = Cursor::START;
        while at.offset < self.types.len() {
            let (kind, name, next) = self.step(at)?;
            if kind == FUNC && is_named(self.string(name)?, wanted) {
                return Some(next.number);
            }
            at = next;
        }
        None
    }

    /// The number of types, counted on from a place.
    pub(super) fn count(&self, from: Cursor) -> Option<u32> {
        let mut at = from;
        while at.offset < self.types.len() {
            (_, _, at) = self.step(at)?;
        }
        Some(at.number)
    }

    /// The kind and the name of the type at a place, and the place behind it.
    fn step(&self, at: Cursor) -> Option<(u32, usize, Cursor)> {
        let rest = self.types.get(at.offset..)?;
        let info = word(rest, 4)?;
        let kind = info >> 24 & 0x1f;
        let size = 12 + rest_size(kind, (info & 0xffff) as usize)?;
        rest.get(..size)?;
        Some((kind, word(rest, 0)? as usize, Cursor { number: at.number + 1, offset: at.offset + size }))
    }

    /// What a string offset leads to, with all behind it.
    fn string(&self, offset: usize) -> Option<&'a [u8]> {
        match self.base {
            Some(base) if offset < base.strings.len() => base.strings.get(offset..),
            Some(base) => self.strings.get(offset - base.strings.len()..),
            None => self.strings.get(offset..),
        }
    }
}

fn word(bytes: &[u8], offset: usize) -> Option<u32> {
    let word = bytes.get(offset..offset.checked_add(4)?)?;
    Some(u32::from_le_bytes(word.try_into().ok()?))
}

/// Whether the string that starts there is this one.
fn is_named(string: &[u8], name: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    const FUNC: u32 = 12;

    /// A header of `header` bytes, an INT, two FUNCs and their names.
    fn sample(header: u32) -> Vec<u8> {
        let mut types = Vec::new();
        let mut put =
            |words: &[u32]| words.iter().for_each(|word| types.extend_from_slice(&word.to_le_bytes()));
        put(&[1, 1 << 24, 4, 32]);
        put(&[5, FUNC << 24, 1]);
        put(&[9, FUNC << 24, 1]);
        let strings = b"\0int\0foo\0foo_bar\0";
        let mut btf = Vec::from(MAGIC.to_le_bytes());
        btf.extend_from_slice(&[1, 0]);
        for word in [header, 0, types.len() as u32, types.len() as u32, strings.len() as u32] {
            btf.extend_from_slice(&word.to_le_bytes());
        }
        btf.resize(header as usize, 0);
        btf.extend_from_slice(&types);
        btf.extend_from_slice(strings);
        btf
    }

    fn find(btf: &[u8], name: &'static str) -> Option<u32> {
        let target = Box::leak(Box::new(BtfTarget { module: None, kind: FUNC, name }));
        let mut wanted = [Wanted { target: Some(target), ..Wanted::NOTHING }];
        Types::of(btf, None)?.find(&mut wanted, |_| true)?;
        Some(wanted[0].id)
    }

    #[test]
    fn a_name_is_found_whole() {
        assert_eq!(find(&sample(24), "foo"), Some(2));
        assert_eq!(find(&sample(24), "foo_bar"), Some(3));
        assert_eq!(find(&sample(24), "foo_"), Some(0));
        assert_eq!(find(&sample(24), "int"), Some(0), "of another kind");
    }

    #[test]
    fn a_longer_header_is_skipped() {
        assert_eq!(find(&sample(40), "foo_bar"), Some(3));
    }

    /// Types and strings of a module go on where those of the kernel end.
    #[test]
    fn a_module_goes_on_from_the_kernel() {
        let kernel = sample(24);
        let kernel = Types::of(&kernel, None).unwrap();
        let base = Base { types: kernel.count(Cursor::START).unwrap(), strings: kernel.strings() };
        assert_eq!((base.types, base.strings.len()), (3, 17));

        // An INT and a FUNC of its own, whose name is the kernel's `foo`, and one whose name is its own.
        let mut module = Vec::from(MAGIC.to_le_bytes());
        module.extend_from_slice(&[1, 0]);
        let types = [1_u32, 1 << 24, 4, 32, 5, FUNC << 24, 4, 18, FUNC << 24, 4];
        for word in [24, 0, 40, 40, 5].into_iter().chain(types) {
            module.extend_from_slice(&word.to_le_bytes());
        }
        module.extend_from_slice(b"\0bar\0");
        let find = |name| {
            let target = Box::leak(Box::new(BtfTarget { module: None, kind: FUNC, name }));
            let mut wanted = [Wanted { target: Some(target), ..Wanted::NOTHING }];
            Types::of(&module, Some(&base)).unwrap().find(&mut wanted, |_| true).unwrap();
            wanted[0].id
        };
        assert_eq!((find("foo"), find("bar"), find("foo_bar")), (5, 6, 0));
    }

    #[test]
    fn damaged_bytes_are_no_btf() {
        let whole = sample(24);
        for len in 0..whole.len() {
            assert_eq!(find(&whole[..len], "missing"), None, "cut to {len} bytes");
        }
    }
}
