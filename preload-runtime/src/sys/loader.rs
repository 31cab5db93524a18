//! bpf(2) for the program that loads an object from inside the kernel.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use super::bpf::{address, address_mut, bpf};
use super::{Errno, Fd, abi, link};

/// `BPF_PROG_TYPE_SYSCALL`, `BPF_F_SLEEPABLE`.
const SYSCALL: u32 = 31;
const F_SLEEPABLE: u32 = 1 << 4;

/// Loads the program, whose only map is the one at index 0 (5.14). The log, where given, receives what the verifier says.
pub(crate) fn prog_load(insns: &[u8], map: &Fd, log: Option<&mut [u8]>) -> Result<Fd, Errno> {
    let fd_array = [map.raw()];
    let mut attr = abi::ProgLoad {
        prog_type: SYSCALL,
        insn_cnt: (insns.len() / 8) as u32,
        insns: address(insns),
        license: address(c"Dual MIT/GPL"),
        prog_flags: F_SLEEPABLE,
        prog_name: *b"__loader.prog\0\0\0",
        fd_array: address(&fd_array),
        ..Default::default()
    };
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
