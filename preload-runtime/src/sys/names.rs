//! A list of names in memory of its own, as the kernel takes it: addresses of strings.

#![allow(unsafe_code, reason = "addresses of the list's own strings are followed")]

use core::ffi::CStr;

use super::words::Words;
use super::{Errno, Memory};

/// Names, one behind the other; room that is not used costs nothing.
pub(crate) struct Names {
    text: Memory,
    used: usize,
    /// The address of each name in `text`, which stays where it is.
    addresses: Words,
}

impl Names {
    pub(crate) fn with_capacity(names: usize, bytes: usize) -> Result<Self, Errno> {
        Ok(Self { text: Memory::zeroed(bytes)?, used: 0, addresses: Words::with_capacity(names)? })
    }

    /// `ENOSPC` when there is no room left.
    pub(crate) fn push(&mut self, name: &[u8]) -> Result<(), Errno> {
        let end = self.used + name.len();
        let text = self.text.bytes_mut();
        // What is behind the name is zero, and has room for the NUL.
        if end >= text.len() {
            return Err(Errno::ENOSPC);
        }
        text[self.used..end].copy_from_slice(name);
        self.addresses.push(text[self.used..].as_ptr() as usize as u64)?;
        self.used = end + 1;
        Ok(())
    }

    /// Leaves out all names that are there more than once.
    pub(crate) fn keep_unique(&mut self) -> Result<(), Errno> {
        self.addresses.as_mut_slice().sort_unstable_by(|&one, &other| at(one).cmp(at(other)));
        let sorted = self.addresses.as_slice();
        let mut unique = Words::with_capacity(sorted.len())?;
        for (index, &address) in sorted.iter().enumerate() {
            let is = |neighbour: Option<&u64>| neighbour.is_some_and(|&other| at(other) == at(address));
            if !is(index.checked_sub(1).and_then(|before| sorted.get(before))) && !is(sorted.get(index + 1)) {
                unique.push(address)?;
            }
        }
        self.addresses = unique;
        Ok(())
    }

    /// Whether a name is one of those that [`keep_unique`](Self::keep_unique) has kept.
    pub(crate) fn contains_unique(&self, name: &CStr) -> bool {
        self.addresses.as_slice().binary_search_by(|&address| at(address).cmp(name)).is_ok()
    }

    /// The addresses of the names, each of which ends with a NUL.
    pub(crate) fn addresses(&self) -> &[u64] {
        self.addresses.as_slice()
    }
}

/// The name at an address of the list.
fn at<'a>(address: u64) -> &'a CStr {
    // SAFETY: all addresses are those of strings in `text`, which end with a NUL and live as long as the list; no
    // reference leaves this module.
    unsafe { CStr::from_ptr(address as usize as *const _) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_not_unique_are_left_out() {
        let mut names = Names::with_capacity(8, 64).unwrap();
        for name in ["b", "twice", "a", "twice", "c"] {
            names.push(name.as_bytes()).unwrap();
        }
        names.keep_unique().unwrap();
        let left: Vec<_> = names.addresses().iter().map(|&address| at(address).to_str().unwrap()).collect();
        assert_eq!(left, ["a", "b", "c"]);
        assert!(names.contains_unique(c"b") && !names.contains_unique(c"twice"));
    }
}
