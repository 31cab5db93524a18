//! A list of 64-bit words in memory of its own: addresses, offsets, cookies.

#![allow(unsafe_code, reason = "memory of bytes is looked at as words")]

use core::slice;

use super::{Errno, Memory};

/// Words, one behind the other; room that is not used costs nothing.
pub(crate) struct Words {
    memory: Memory,
    len: usize,
}

impl Words {
    pub(crate) fn with_capacity(words: usize) -> Result<Self, Errno> {
        let bytes = words.max(1).checked_mul(size_of::<u64>()).ok_or(Errno::ENOMEM)?;
        Ok(Self { memory: Memory::zeroed(bytes)?, len: 0 })
    }

    /// The same word, as often as it is asked for.
    pub(crate) fn repeated(word: u64, times: usize) -> Result<Self, Errno> {
        let mut words = Self::with_capacity(times)?;
        (0..times).try_for_each(|_| words.push(word))?;
        Ok(words)
    }

    /// `ENOSPC` when there is no room left.
    pub(crate) fn push(&mut self, word: u64) -> Result<(), Errno> {
        let (start, end) = (self.len * 8, self.len * 8 + 8);
        let slot = self.memory.bytes_mut().get_mut(start..end).ok_or(Errno::ENOSPC)?;
        slot.copy_from_slice(&word.to_ne_bytes());
        self.len += 1;
        Ok(())
    }

    pub(crate) fn as_slice(&self) -> &[u64] {
        // SAFETY: the memory begins at a page, is initialised, and holds `len` words.
        unsafe { slice::from_raw_parts(self.memory.bytes().as_ptr().cast(), self.len) }
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [u64] {
        // SAFETY: as above, and `&mut self` is the only way to it.
        unsafe { slice::from_raw_parts_mut(self.memory.bytes_mut().as_mut_ptr().cast(), self.len) }
    }

    /// Sorts, and keeps one of each.
    pub(crate) fn sort_and_dedup(&mut self) {
        let words = self.as_mut_slice();
        words.sort_unstable();
        let mut kept = 0;
        for at in 0..words.len() {
            if kept == 0 || words[kept - 1] != words[at] {
                words[kept] = words[at];
                kept += 1;
            }
        }
        self.len = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_kept_once() {
        let mut words = Words::with_capacity(4).unwrap();
        [7, 3, 7, 1].into_iter().for_each(|word| words.push(word).unwrap());
        words.sort_and_dedup();
        assert_eq!(words.as_slice(), [1, 3, 7]);
        assert_eq!(Words::repeated(5, 2).unwrap().as_slice(), [5, 5]);
    }

    #[test]
    fn a_full_list_says_so() {
        let mut words = Words::with_capacity(512).unwrap();
        (0..512).for_each(|word| words.push(word).unwrap());
        assert_eq!(words.push(0), Err(Errno::ENOSPC));
    }
}
