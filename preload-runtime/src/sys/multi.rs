//! bpf(2) for links of many places.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

#[cfg(feature = "uprobes")]
use core::ffi::CStr;

use super::abi;
use super::bpf::{address, bpf};
use super::names::Names;
use super::{Errno, Fd};

/// `BPF_F_KPROBE_MULTI_RETURN`, `BPF_F_UPROBE_MULTI_RETURN`.
const RETURN: u32 = 1;

/// Functions of the kernel.
pub(crate) enum Functions<'a> {
    Names(&'a Names),
    Addresses(&'a [u64]),
}

impl Functions<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Names(names) => names.addresses().len(),
            Self::Addresses(addresses) => addresses.len(),
        }
    }
}

/// Attaches a program to functions of the kernel (5.18), with a cookie for each, if any.
pub(crate) fn link_create_kprobe_multi(
    program: &Fd,
    attach_type: u32,
    retprobe: bool,
    functions: &Functions<'_>,
    cookies: Option<&[u64]>,
) -> Result<Fd, Errno> {
    if cookies.is_some_and(|cookies| cookies.len() != functions.len()) {
        return Err(Errno::EINVAL);
    }
    let mut attr = abi::LinkCreateKprobeMulti {
        prog_fd: program.raw() as u32,
        attach_type,
        multi_flags: if retprobe { RETURN } else { 0 },
        cnt: functions.len() as u32,
        cookies: cookies.map_or(0, address),
        ..Default::default()
    };
    match functions {
        Functions::Names(names) => attr.syms = address(names.addresses()),
        Functions::Addresses(addresses) => attr.addrs = address(*addresses),
    }
    // SAFETY: all lists are as long as `cnt` says; those of names hold addresses of strings that live as long.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Attaches a program to functions of the kernel by the numbers of their types (7.2), with a cookie for each, if any.
pub(crate) fn link_create_tracing_multi(
    program: &Fd,
    attach_type: u32,
    types: &[u32],
    cookies: Option<&[u64]>,
) -> Result<Fd, Errno> {
    if cookies.is_some_and(|cookies| cookies.len() != types.len()) {
        return Err(Errno::EINVAL);
    }
    let mut attr = abi::LinkCreateTracingMulti {
        prog_fd: program.raw() as u32,
        attach_type,
        ids: address(types),
        cookies: cookies.map_or(0, address),
        cnt: types.len() as u32,
        ..Default::default()
    };
    // SAFETY: both lists are as long as `cnt` says.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Places in a file.
#[cfg(feature = "uprobes")]
pub(crate) struct Places<'a> {
    pub(crate) path: &'a CStr,
    pub(crate) offsets: &'a [u64],
    /// Where the file counts who looks at each place; 0 where it does not.
    pub(crate) semaphores: Option<&'a [u64]>,
}

/// Attaches a program to places in a file (6.6), with a cookie for each, if any.
#[cfg(feature = "uprobes")]
pub(crate) fn link_create_uprobe_multi(
    program: &Fd,
    attach_type: u32,
    retprobe: bool,
    places: &Places<'_>,
    cookies: Option<&[u64]>,
) -> Result<Fd, Errno> {
    let count = places.offsets.len();
    if [cookies, places.semaphores].into_iter().flatten().any(|list| list.len() != count) {
        return Err(Errno::EINVAL);
    }
    let mut attr = abi::LinkCreateUprobeMulti {
        prog_fd: program.raw() as u32,
        attach_type,
        path: address(places.path),
        offsets: address(places.offsets),
        ref_ctr_offsets: places.semaphores.map_or(0, address),
        cookies: cookies.map_or(0, address),
        cnt: count as u32,
        multi_flags: if retprobe { RETURN } else { 0 },
        ..Default::default()
    };
    // SAFETY: the path ends with a NUL, all lists are as long as `cnt` says.
    Fd::new(unsafe { bpf(&mut attr) }?)
}
