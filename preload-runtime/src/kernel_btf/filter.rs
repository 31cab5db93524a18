//! Names that may be wanted, told from the many that are not.

use crate::plan::BtfTarget;

/// Tells most names from those that are wanted by their first bytes, however many are: a bit is set for each hash of what
/// a wanted one starts with.
pub(super) struct Filter([u64; Self::BITS / 64]);

impl Filter {
    const BITS: usize = 1 << 16;

    pub(super) fn new<'t>(targets: impl Iterator<Item = &'t BtfTarget>) -> Self {
        let mut filter = Self([0; Self::BITS / 64]);
        for target in targets {
            let mut start = [0; 8];
            for (to, from) in start.iter_mut().zip(target.name.bytes()) {
                *to = from;
            }
            let bit = Self::bit(u64::from_le_bytes(start));
            filter.0[bit / 64] |= 1 << (bit % 64);
        }
        filter
    }

    /// Whether the string that starts there may be one of them; never wrong about one that is.
    pub(super) fn may_be_wanted(&self, string: &[u8]) -> bool {
        let Some(Ok(start)) = string.get(..8).map(<[u8; 8]>::try_from) else {
            // The last string of all.
            return true;
        };
        let start = u64::from_le_bytes(start);
        // The lowest of the high bits is that of the first NUL; what lies behind it is another string.
        let nul = start.wrapping_sub(0x0101_0101_0101_0101) & !start & 0x8080_8080_8080_8080;
        let own = if nul == 0 { u64::MAX } else { (1 << nul.trailing_zeros()) - 1 };
        let bit = Self::bit(start & own);
        self.0[bit / 64] >> (bit % 64) & 1 != 0
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
    fn names_are_told_apart_by_what_they_start_with() {
        let names = ["a", "short", "exactly8", "longer_than_eight_bytes"];
        for name in names {
            let filter = Filter::new([&BtfTarget { module: None, kind: 12, name }].into_iter());
            for other in names {
                let string = format!("{other}\0next string");
                assert_eq!(filter.may_be_wanted(string.as_bytes()), name == other, "{name}, {other}");
            }
        }
    }
}
