//! One pass over type information.
//!
//! That of a module is the continuation of the kernel's: its numbers of types and its strings begin where those
//! end.

use super::Wanted;
use super::filter::Filter;
use crate::btf::{Type, View, is_named, kind};
use crate::plan::BtfTarget;

/// Targets are of no other kind.
const TARGET_KINDS: [u32; 2] = [kind::TYPEDEF, kind::FUNC];

/// What the type information of a module is the continuation of.
pub(super) struct Base<'a> {
    /// The number of types, without that of number 0.
    pub(super) types: u32,
    pub(super) strings: &'a [u8],
}

/// Type information of the kernel or of a module.
pub(super) struct Types<'a> {
    view: View<'a>,
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
        Some(Self { view: View::new(btf)?, base })
    }

    pub(super) fn strings(&self) -> &'a [u8] {
        self.view.strings()
    }

    /// Finds what is wanted and `here` lets be looked for; it ends with the last of that. None when the types cannot be
    /// followed.
    pub(super) fn find(&self, wanted: &mut [Wanted], here: impl Fn(&BtfTarget) -> bool) -> Option<Cursor> {
        let sought = |wanted: &Wanted| wanted.missing().is_some_and(&here);
        let mut missing = wanted.iter().filter(|wanted| sought(wanted)).count();
        let filter = Filter::new(wanted.iter().filter_map(Wanted::missing));
        let first = self.base.map_or(0, |base| base.types);
        let mut at = Cursor::START;
        while missing > 0 && at.offset < self.view.types.len() {
            let (ty, next) = self.step(at)?;
            if TARGET_KINDS.contains(&ty.kind) {
                let name = self.string(ty.name);
                if !filter.may_be_wanted(name) {
                    at = next;
                    continue;
                }
                let fits = |target: &BtfTarget| target.kind == ty.kind && is_named(name, target.name);
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
        let mut at = Cursor::START;
        while at.offset < self.view.types.len() {
            let (ty, next) = self.step(at)?;
            if ty.kind == kind::FUNC && is_named(self.string(ty.name), wanted) {
                return Some(next.number);
            }
            at = next;
        }
        None
    }

    /// The number of types, counted on from a place.
    pub(super) fn count(&self, from: Cursor) -> Option<u32> {
        let mut at = from;
        while at.offset < self.view.types.len() {
            (_, at) = self.step(at)?;
        }
        Some(at.number)
    }

    /// The type at a place, and the place behind it.
    fn step(&self, at: Cursor) -> Option<(Type, Cursor)> {
        let ty = self.view.at(at.offset)?;
        Some((ty, Cursor { number: at.number + 1, offset: self.view.end_of(ty)? }))
    }

    /// What a string offset leads to, with all behind it.
    fn string(&self, offset: u32) -> &'a [u8] {
        let base = self.base.map_or(&[][..], |base| base.strings);
        match offset.checked_sub(base.len() as u32) {
            Some(own) => self.view.string(own),
            None => base.get(offset as usize..).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FUNC: u32 = kind::FUNC;

    /// A header of `header` bytes, an INT, two FUNCs and their names.
    fn sample(header: u32) -> Vec<u8> {
        let mut types = Vec::new();
        let mut put =
            |words: &[u32]| words.iter().for_each(|word| types.extend_from_slice(&word.to_le_bytes()));
        put(&[1, 1 << 24, 4, 32]);
        put(&[5, FUNC << 24, 1]);
        put(&[9, FUNC << 24, 1]);
        let strings = b"\0int\0foo\0foo_bar\0";
        let mut btf = Vec::from(0xeb9f_u16.to_le_bytes());
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
        let mut module = Vec::from(0xeb9f_u16.to_le_bytes());
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
