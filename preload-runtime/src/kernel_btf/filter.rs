//! Types that may be wanted, told from the many that are not.

/// Tells most types from those that are wanted by their kind and the first bytes of their name, however many are wanted: a bit
/// is set for each kind, and for each hash of what a name starts with.
pub(super) struct Filter {
    kinds: u32,
    starts: [u64; Self::BITS / 64],
}

impl Filter {
    const BITS: usize = 1 << 16;

    /// One that nothing gets through.
    pub(super) fn new() -> Self {
        Self { kinds: 0, starts: [0; Self::BITS / 64] }
    }

    /// Lets a type through. Its kind is one of those below 32.
    pub(super) fn add(&mut self, kind: u32, name: &str) {
        let mut start = [0; 8];
        for (to, from) in start.iter_mut().zip(name.bytes()) {
            *to = from;
        }
        let bit = Self::bit(u64::from_le_bytes(start));
        self.starts[bit / 64] |= 1 << (bit % 64);
        self.kinds |= 1 << kind;
    }

    /// Whether one of them is of this kind. To be asked first: it does not take a look at the name, which is rarely near.
    pub(super) fn is_kind_wanted(&self, kind: u32) -> bool {
        self.kinds.checked_shr(kind).is_some_and(|kinds| kinds & 1 != 0)
    }

    /// Whether the string that starts there may be the name of one of them; never wrong about one that is.
    pub(super) fn may_name_be_wanted(&self, string: &[u8]) -> bool {
        let Some(Ok(start)) = string.get(..8).map(<[u8; 8]>::try_from) else {
            // The last string of all.
            return true;
        };
        let start = u64::from_le_bytes(start);
        // The lowest of the high bits is that of the first NUL; what lies behind it is another string.
        let nul = start.wrapping_sub(0x0101_0101_0101_0101) & !start & 0x8080_8080_8080_8080;
        let own = if nul == 0 { u64::MAX } else { (1 << nul.trailing_zeros()) - 1 };
        let bit = Self::bit(start & own);
        self.starts[bit / 64] >> (bit % 64) & 1 != 0
    }

    fn bit(start: u64) -> usize {
        // Multiplied by 2^64 divided by the golden ratio, the upper bits depend on all of the lower ones.
        (start.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - 16)) as usize % Self::BITS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_apart() {
        let mut filter = Filter::new();
        assert!(!(0..200).any(|kind| filter.is_kind_wanted(kind)));
        filter.add(12, "name");
        assert!((0..200).all(|kind| filter.is_kind_wanted(kind) == (kind == 12)));
    }

    #[test]
    fn names_are_told_apart_by_what_they_start_with() {
        let names = ["a", "short", "exactly8", "longer_than_eight_bytes"];
        for name in names {
            let mut filter = Filter::new();
            filter.add(12, name);
            for other in names {
                let string = format!("{other}\0next string");
                assert_eq!(filter.may_name_be_wanted(string.as_bytes()), name == other, "{name}, {other}");
            }
        }
    }
}
