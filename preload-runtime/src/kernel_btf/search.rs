//! One pass over type information.
//!
//! That of a module is the continuation of the kernel's: its numbers of types and its strings begin where those
//! end.

use super::Wanted;
use super::filter::Filter;
use super::lanes::Lanes;
use crate::btf::{Type, View, is_named, kind};
use crate::plan::BtfTarget;

/// Whether it is one of the kinds that targets have.
#[inline(always)]
pub(super) fn is_target_kind(kind: u32) -> bool {
    matches!(kind, kind::TYPEDEF | kind::FUNC)
}

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
    pub(super) number: u32,
    pub(super) offset: usize,
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
    pub(super) fn find(&self, wanted: &mut [Wanted], here: &dyn Fn(&BtfTarget) -> bool) -> Option<Cursor> {
        let sought = |wanted: &Wanted| wanted.missing().is_some_and(here);
        let mut missing = wanted.iter().filter(|wanted| sought(wanted)).count();
        if missing == 0 {
            return Some(Cursor::START);
        }
        let mut filter = Filter::new();
        for target in wanted.iter().filter_map(Wanted::missing) {
            filter.add(target.kind, target.name);
        }
        let first = self.base.map_or(0, |base| base.types);
        self.walk(Cursor::START, &filter, &mut |ty, name, number| {
            let fits = |target: &BtfTarget| target.kind == ty.kind && is_named(name, target.name);
            for wanted in wanted.iter_mut() {
                if sought(wanted) && wanted.target.is_some_and(fits) {
                    wanted.id = first + number;
                    missing -= 1;
                }
            }
            missing == 0
        })
    }

    /// The number of the function of this name; none when there is none, or the types cannot be followed.
    pub(super) fn function(&self, wanted: &str) -> Option<u32> {
        let mut filter = Filter::new();
        filter.add(kind::FUNC, wanted);
        let mut found = None;
        self.walk(Cursor::START, &filter, &mut |_, name, number| {
            found = is_named(name, wanted).then_some(number);
            found.is_some()
        })?;
        found
    }

    /// The number of types, counted on from a place.
    pub(super) fn count(&self, from: Cursor) -> Option<u32> {
        self.walk(from, &Filter::new(), &mut |_, _, _| false).map(|end| end.number)
    }

    /// Goes through the types from a place on. `enough` sees those that get through the filter, with name and number, and says
    /// when to end. The place behind the last one; none when the types cannot be followed.
    fn walk(
        &self,
        from: Cursor,
        filter: &Filter,
        enough: &mut dyn FnMut(Type, &[u8], u32) -> bool,
    ) -> Option<Cursor> {
        let mut enough = |ty: Type, number| {
            let name = if filter.is_kind_wanted(ty.kind) { self.string(ty.name) } else { return false };
            filter.may_name_be_wanted(name) && enough(ty, name, number)
        };
        let mut lanes = Lanes::new();
        let mut at = from;
        while at.offset < self.view.types.len() {
            for lane in lanes.run(self.view.types, at.offset) {
                while at.offset < lane.end() {
                    let (ty, next) = self.step(at)?;
                    let common = if is_target_kind(ty.kind) { lane.from(at) } else { None };
                    let Some((targets, end)) = common else {
                        if enough(ty, next.number) {
                            return Some(next);
                        }
                        at = next;
                        continue;
                    };
                    for target in targets {
                        let ty = self.view.at(target.offset)?;
                        if enough(ty, target.number + 1) {
                            return self.step(target).map(|(_, next)| next);
                        }
                    }
                    at = end;
                }
            }
        }
        (at.offset == self.view.types.len()).then_some(at)
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
    use crate::btf::{FIXED, known_sizes};

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
        Types::of(btf, None)?.find(&mut wanted, &|_| true)?;
        Some(wanted[0].id)
    }

    #[test]
    fn a_name_is_found_whole() {
        assert_eq!(find(&sample(24), "foo"), Some(2));
        assert_eq!(find(&sample(24), "foo_bar"), Some(3));
        assert_eq!(find(&sample(24), "foo_"), Some(0));
        assert_eq!(find(&sample(24), "int"), Some(0), "of another kind");
    }

    /// Many types of all kinds, and of one that only the layout knows, whose members look like types here and there.
    fn medley(seed: u64, count: usize) -> Vec<u8> {
        let mut state = seed;
        let mut random = move |below: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % u64::from(below)) as u32
        };
        const OF_THE_FUTURE: u32 = 20;
        let mut types: Vec<u32> = Vec::new();
        for _ in 0..count {
            let kind = random(OF_THE_FUTURE) + 1;
            let members = if random(50) == 0 { random(2000) } else { random(9) };
            let (once, each) = match known_sizes(kind) {
                Some([once, each]) => ((once - FIXED) / 4, each / 4),
                None => (1, 2),
            };
            types.extend([[1, 3][random(2) as usize], kind << 24 | members, random(99)]);
            for _ in 0..once + members as usize * each {
                let word = if random(3) == 0 { (random(24) << 24) | random(5) } else { random(4000) };
                types.push(word);
            }
        }
        let mut layout = vec![0; 20 * 4];
        layout.extend_from_slice(&[4, 8, 0, 0]);
        let (types_len, strings) = (types.len() as u32 * 4, b"\0a\0bc\0");
        let mut btf = Vec::from(0xeb9f_u16.to_le_bytes());
        btf.extend_from_slice(&[1, 0]);
        let end = types_len + strings.len() as u32;
        let header = [32, 0, types_len, types_len, strings.len() as u32, end, layout.len() as u32];
        for word in header.iter().chain(&types) {
            btf.extend_from_slice(&word.to_le_bytes());
        }
        btf.extend_from_slice(strings);
        btf.extend_from_slice(&layout);
        btf
    }

    /// One step after the other, which is how it is meant.
    fn plainly(types: &Types<'_>, from: Cursor) -> Option<(Vec<(u32, u32)>, u32)> {
        let (mut seen, mut at) = (Vec::new(), from);
        while at.offset < types.view.types.len() {
            let (ty, next) = types.step(at)?;
            if is_target_kind(ty.kind) {
                seen.push((ty.name, next.number));
            }
            at = next;
        }
        Some((seen, at.number))
    }

    fn all_targets() -> Filter {
        let mut filter = Filter::new();
        for kind in [kind::TYPEDEF, kind::FUNC] {
            // All the names there are.
            for name in ["a", "bc"] {
                filter.add(kind, name);
            }
        }
        filter
    }

    fn at_once(types: &Types<'_>, from: Cursor) -> Option<(Vec<(u32, u32)>, u32)> {
        let mut seen = Vec::new();
        let end = types.walk(from, &all_targets(), &mut |ty, _, number| {
            seen.push((ty.name, number));
            false
        })?;
        Some((seen, end.number))
    }

    #[test]
    fn several_walks_see_what_one_sees() {
        for seed in 0..10 {
            let btf = medley(seed, 4000);
            let types = Types::of(&btf, None).unwrap();
            let all = plainly(&types, Cursor::START).expect("whole");
            assert_eq!(all.1, 4000);
            assert_eq!(at_once(&types, Cursor::START), Some(all), "seed {seed}");

            // From the middle, and with a cut after which they cannot be followed, or can if it is between two types.
            let mut middle = Cursor::START;
            for _ in 0..1000 {
                (_, middle) = types.step(middle).unwrap();
            }
            assert_eq!(at_once(&types, middle), plainly(&types, middle), "seed {seed}");
            let half = types.view.types.len() as u32 / 2;
            for cut in half..half + 50 {
                // How long the types are.
                let mut btf = btf.clone();
                btf[12..16].copy_from_slice(&cut.to_le_bytes());
                let types = Types::of(&btf, None).unwrap();
                assert_eq!(
                    at_once(&types, middle).is_some(),
                    plainly(&types, middle).is_some(),
                    "seed {seed}, cut to {cut}"
                );
            }
        }
    }

    #[test]
    fn it_ends_behind_what_was_enough() {
        let btf = medley(7, 4000);
        let types = Types::of(&btf, None).unwrap();
        let (all, _) = plainly(&types, Cursor::START).unwrap();
        for &(_, wanted) in all.iter().step_by(17) {
            let end = types.walk(Cursor::START, &all_targets(), &mut |_, _, number| number == wanted);
            let end = end.unwrap();
            assert_eq!(end.number, wanted);
            assert_eq!(types.count(end), Some(4000));
        }
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
            Types::of(&module, Some(&base)).unwrap().find(&mut wanted, &|_| true).unwrap();
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
