//! Many functions of the kernel with one link.

use core::ffi::CStr;

use super::{lines, pattern, tracefs};
use crate::error::{Call, Error, Step};
use crate::plan::{Probe, ProgramPlan};
use crate::sys::names::Names;
use crate::sys::words::Words;
use crate::sys::{Errno, Fd, multi};

/// More functions than any kernel has.
const FUNCTIONS: usize = 1 << 18;
/// Room for their names.
const TEXT: usize = 1 << 24;

/// Where the functions are that a program can be put on: all of them, with their addresses (6.5).
const WITH_ADDRESSES: &CStr = c"available_filter_functions_addrs";
/// The same by name.
const BY_NAME: &CStr = c"available_filter_functions";
/// What the kernel writes for places that are no functions any more.
const INVALID: &[u8] = b"__ftrace_invalid_address__";

pub(super) fn attach(
    plan: &'static ProgramPlan,
    program: &Fd,
    functions: &CStr,
    probe: Probe,
    cookie: u64,
) -> Result<Fd, Error> {
    let failed = |errno| Error::system(Step::Attach, Call::LinkCreate, errno);
    let create = |functions: &multi::Functions<'_>| {
        let cookies =
            if cookie == 0 { None } else { Some(Words::repeated(cookie, functions.len()).map_err(failed)?) };
        let cookies = cookies.as_ref().map(Words::as_slice);
        multi::link_create_kprobe_multi(program, plan.attach_type, probe == Probe::Return, functions, cookies)
            .map_err(|errno| failed(errno).with_hint(hint(errno)))
    };
    let text = functions.to_bytes();
    if !pattern::is_pattern(text) {
        let mut names = Names::with_capacity(1, text.len() + 1).map_err(failed)?;
        names.push(text).map_err(failed)?;
        return create(&multi::Functions::Names(&names));
    }
    match addresses(text) {
        Ok(addresses) => {
            some(addresses.as_slice()).and_then(|found| create(&multi::Functions::Addresses(found)))
        }
        Err(Errno::ENOENT) => {
            let names = names(text).map_err(|errno| Error::system(Step::Attach, Call::Open, errno))?;
            some(names.addresses())?;
            create(&multi::Functions::Names(&names))
        }
        Err(errno) => Err(Error::system(Step::Attach, Call::Open, errno)),
    }
}

/// An error when there is nothing.
fn some(found: &[u64]) -> Result<&[u64], Error> {
    if found.is_empty() {
        let hint = "no function of this kernel that can be traced has a name of that pattern";
        return Err(Error::system(Step::Attach, Call::Read, Errno::ENOENT).with_hint(Some(hint)));
    }
    Ok(found)
}

fn hint(errno: Errno) -> Option<&'static str> {
    match errno {
        Errno::ESRCH | Errno::ENOENT => Some("this kernel has no function of that name"),
        Errno::EOPNOTSUPP => Some("this kernel was built without CONFIG_FPROBE"),
        Errno::EINVAL => Some(
            "this kernel cannot trace that function, or has no links of many functions: they are there since Linux 5.18, those \
             of sessions since 6.10",
        ),
        _ => None,
    }
}

/// The addresses of the functions whose names are of a pattern.
fn addresses(wanted: &[u8]) -> Result<Words, Errno> {
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
fn names(wanted: &[u8]) -> Result<Names, Errno> {
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
