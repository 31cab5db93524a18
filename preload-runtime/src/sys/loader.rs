//! bpf(2) for the program that loads an object from inside the kernel.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use core::ffi::CStr;

use super::bpf::{address, address_mut, bpf};
use super::{Errno, Fd, abi, link};
use crate::plan::MapPlan;

/// `BPF_PROG_TYPE_SYSCALL`, `BPF_F_SLEEPABLE`.
const SYSCALL: u32 = 31;
const F_SLEEPABLE: u32 = 1 << 4;
const NAME: [u8; 16] = *b"__loader.prog\0\0\0";
const LICENSE: &CStr = c"Dual MIT/GPL";

/// What a program is signed with.
pub(crate) struct Signing<'a> {
    pub(crate) signature: &'a [u8],
    /// The keyring that the key is looked for in.
    pub(crate) keyring: i32,
    /// Whether the signature covers the contents of the map as well (7.3).
    pub(crate) with_map: bool,
}

/// Loads the program, whose only map is the one at index 0 (5.14), where asked for with a signature (6.18). The log, where
/// given, receives what the verifier says.
pub(crate) fn prog_load(
    insns: &[u8],
    map: &Fd,
    signing: Option<&Signing<'_>>,
    log: Option<&mut [u8]>,
) -> Result<Fd, Errno> {
    let fd_array = [map.raw()];
    // Without a signature its fields are zeros, which kernels that do not know them take.
    let mut attr = abi::ProgLoadSigned {
        prog_type: SYSCALL,
        insn_cnt: (insns.len() / 8) as u32,
        insns: address(insns),
        license: address(LICENSE),
        prog_flags: F_SLEEPABLE,
        prog_name: NAME,
        fd_array: address(&fd_array),
        ..Default::default()
    };
    if let Some(signing) = signing {
        attr.fd_array_cnt = u32::from(signing.with_map);
        attr.signature = address(signing.signature);
        attr.signature_size = signing.signature.len() as u32;
        attr.keyring_id = signing.keyring;
    }
    if let Some(log) = log {
        attr.log_size = log.len() as u32;
        attr.log_buf = address_mut(log);
        attr.log_level = 1;
    }
    // SAFETY: all addresses are those of live slices and strings, passed with their lengths; the instructions refer to no
    // other index, as they are those of a loader.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Runs the program; what it returns. The log, where given, receives what the verifier says of what the program loads: its
/// address is the first thing in the context.
pub(crate) fn run(program: &Fd, context: &mut [u8], log: Option<&mut [u8]>) -> Result<i32, Errno> {
    let fields = log.map_or([0; 16], |log| {
        let [size, level] = [log.len() as u32, 1].map(u32::to_le_bytes);
        let mut fields = [0; 16];
        let bytes = address_mut(log).to_le_bytes().into_iter().chain(size).chain(level);
        fields.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        fields
    });
    let place = context.first_chunk_mut::<16>().ok_or(Errno::EINVAL)?;
    *place = fields;
    let result = link::run(program, context).map(|result| result as i32);
    // The log is the caller's alone again.
    if let Some(place) = context.first_chunk_mut::<16>() {
        *place = [0; 16];
    }
    result
}

/// Creates the array that only a program of this hash may use (6.18).
pub(crate) fn map_create_exclusive(plan: &MapPlan, hash: &[u8; 32]) -> Result<Fd, Errno> {
    let mut attr = abi::MapCreateExclusive {
        map_type: plan.map_type,
        key_size: plan.key_size,
        value_size: plan.value_size,
        max_entries: 1,
        map_name: plan.kernel_name,
        excl_prog_hash: address(hash),
        excl_prog_hash_size: hash.len() as u32,
        ..Default::default()
    };
    // SAFETY: the hash is live, passed with its length.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Makes the kernel take the hash of a frozen array (6.18), which it keeps with it.
pub(crate) fn map_hash(map: &Fd) -> Result<[u8; 32], Errno> {
    let mut hash = [0; 32];
    let mut info =
        abi::info::Map { hash: address_mut(&mut hash), hash_size: hash.len() as u32, ..Default::default() };
    let mut attr = abi::ObjGetInfoByFd {
        bpf_fd: map.raw() as u32,
        info_len: size_of_val(&info) as u32,
        info: address_mut(&mut info),
    };
    // SAFETY: the kernel writes no more than `info_len` bytes to `info` and `hash_size` bytes to the hash.
    unsafe { bpf(&mut attr) }?;
    Ok(hash)
}
