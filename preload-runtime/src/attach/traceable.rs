//! The functions of the kernel that can be traced, as tracefs lists them.

use core::ffi::CStr;

use super::{lines, pattern, tracefs};
use crate::error::{Call, Error, Step};
use crate::sys::Errno;
use crate::sys::names::Names;
use crate::sys::words::Words;

/// More functions than any kernel has.
pub(super) const FUNCTIONS: usize = 1 << 18;
/// Room for their names.
const TEXT: usize = 1 << 24;

/// Where the functions are that a program can be put on: all of them, with their addresses (6.5).
const WITH_ADDRESSES: &CStr = c"available_filter_functions_addrs";
/// The same by name.
const BY_NAME: &CStr = c"available_filter_functions";
/// What the kernel writes for places that are no functions any more.
const INVALID: &[u8] = b"__ftrace_invalid_address__";

/// The addresses of the functions whose names are of a pattern.
pub(super) fn addresses(wanted: &[u8]) -> Result<Words, Errno> {
    let file = tracefs::open(WITH_ADDRESSES)?;
    let mut addresses = Words::with_capacity(FUNCTIONS)?;
    lines::each(&file, |line| {
        let mut words = line.split(|&byte| byte == b' ');
        let (Some(address), Some(name)) = (words.next(), words.next()) else { return Ok(()) };
        if !is_wanted(wanted, name) {
            return Ok(());
        }
        let address = core::str::from_utf8(address).ok().and_then(|text| u64::from_str_radix(text, 16).ok());
        addresses.push(address.ok_or(Errno::EINVAL)?)
    })?;
    addresses.sort_and_dedup();
    Ok(addresses)
}

/// The names themselves. One that several functions have is left out: a name does not say which of them is meant.
pub(super) fn names(wanted: &[u8]) -> Result<Names, Errno> {
    let file = tracefs::open(BY_NAME)?;
    let mut names = Names::with_capacity(FUNCTIONS, TEXT)?;
    lines::each(&file, |line| match line.split(|&byte| byte == b' ').next() {
        Some(name) if is_wanted(wanted, name) => names.push(name),
        _ => Ok(()),
    })?;
    names.keep_unique()?;
    Ok(names)
}

fn is_wanted(pattern: &[u8], name: &[u8]) -> bool {
    !name.starts_with(INVALID) && pattern::matches(pattern, name)
}

/// An error when there is nothing.
pub(super) fn some<T>(found: &[T]) -> Result<&[T], Error> {
    if found.is_empty() {
        let hint = "no function of this kernel that can be traced has a name of that pattern";
        return Err(Error::system(Step::Attach, Call::Read, Errno::ENOENT).with_hint(Some(hint)));
    }
    Ok(found)
}
