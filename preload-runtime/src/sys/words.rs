//! A list of numbers in memory of its own: addresses, offsets, cookies, types.

#![allow(unsafe_code, reason = "memory of bytes is looked at as words")]

use core::marker::PhantomData;
use core::slice;

use super::{Errno, Memory};

/// What a list can be of: integers no wider than a page begins aligned for, of which all bytes are a value.
pub(crate) trait Word: Copy + Ord {}

impl Word for u32 {}
impl Word for u64 {}

/// Words, one behind the other; room that is not used costs nothing.
pub(crate) struct Words<T: Word = u64> {
    memory: Memory,
    len: usize,
    of: PhantomData<T>,
}

impl<T: Word> Words<T> {
    pub(crate) fn with_capacity(words: usize) -> Result<Self, Errno> {
        let bytes = words.max(1).checked_mul(size_of::<T>()).ok_or(Errno::ENOMEM)?;
        Ok(Self { memory: Memory::zeroed(bytes)?, len: 0, of: PhantomData })
    }

    /// The same word, as often as it is asked for.
    pub(crate) fn repeated(word: T, times: usize) -> Result<Self, Errno> {
        let mut words = Self::with_capacity(times)?;
        (0..times).try_for_each(|_| words.push(word))?;
        Ok(words)
    }

    /// `ENOSPC` when there is no room left.
    pub(crate) fn push(&mut self, word: T) -> Result<(), Errno> {
        if (self.len + 1) * size_of::<T>() > self.memory.bytes().len() {
            return Err(Errno::ENOSPC);
        }
        self.len += 1;
        if let Some(last) = self.as_mut_slice().last_mut() {
            *last = word;
        }
        Ok(())
    }

    pub(crate) fn as_slice(&self) -> &[T] {
        // SAFETY: the memory begins at a page, is initialised, and holds `len` words.
        unsafe { slice::from_raw_parts(self.memory.bytes().as_ptr().cast(), self.len) }
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
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

impl Words {
    /// The cookie of a link of many places, for each of them; nothing for 0, which is none.
    pub(crate) fn cookies(cookie: u64, places: usize) -> Result<Option<Self>, Errno> {
        if cookie == 0 { Ok(None) } else { Self::repeated(cookie, places).map(Some) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_kept_once() {
        let mut words = Words::<u32>::with_capacity(4).unwrap();
        [7, 3, 7, 1].into_iter().for_each(|word| words.push(word).unwrap());
        words.sort_and_dedup();
        assert_eq!(words.as_slice(), [1, 3, 7]);
        assert_eq!(Words::repeated(5_u64, 2).unwrap().as_slice(), [5, 5]);
    }

    #[test]
    fn a_full_list_says_so() {
        let mut words = Words::<u64>::with_capacity(512).unwrap();
        (0..512).for_each(|word| words.push(word).unwrap());
        assert_eq!(words.push(0), Err(Errno::ENOSPC));
    }
}
