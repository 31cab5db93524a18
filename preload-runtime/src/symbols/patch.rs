//! One instruction that refers to a symbol.

use super::{Found, Symbols};
use crate::sys::Fd;

/// Bytes of one instruction slot.
const SLOT: usize = 8;
const CALL: u8 = 0x85;
/// `BPF_PSEUDO_KFUNC_CALL` on a call: a function of the kernel, by its number (5.13).
const KERNEL_FUNCTION: u8 = 2;
/// `BPF_PSEUDO_BTF_ID` on `ld_imm64`: the address of a symbol, by its number (5.10).
const KERNEL_SYMBOL: u8 = 3;

/// Puts what was found into the instruction at a place; nothing for what was not.
///
/// `modules` is the index of the first module's descriptor in `fd_array`.
pub(super) fn put(insns: &mut [u8], place: usize, found: Found, symbols: &Symbols, modules: usize) {
    let (module, id) = match found {
        Found::Idle | Found::Missing => return,
        Found::Address(address) => return put_address(insns, place, address),
        Found::Kernel(id) => (None, id),
        Found::Module(module, id) => (Some(module as usize), id),
    };
    let Some([opcode, registers, offset @ .., a, b, c, d]) = slot(insns, place) else { return };
    (*a, *b, *c, *d) = bytes(id);
    if *opcode == CALL {
        *registers = KERNEL_FUNCTION << 4;
        // 0 is the kernel itself.
        let index = module.map_or(0, |module| modules + module) as u16;
        offset.copy_from_slice(&index.to_le_bytes());
    } else {
        *registers = *registers & 0x0f | KERNEL_SYMBOL << 4;
        let module = module.and_then(|module| symbols.modules().nth(module)).map_or(0, Fd::raw);
        put_half(insns, place + 1, module as u32);
    }
}

fn put_address(insns: &mut [u8], place: usize, address: u64) {
    put_half(insns, place, address as u32);
    put_half(insns, place + 1, (address >> 32) as u32);
}

fn put_half(insns: &mut [u8], place: usize, value: u32) {
    if let Some([.., a, b, c, d]) = slot(insns, place) {
        (*a, *b, *c, *d) = bytes(value);
    }
}

fn bytes(value: u32) -> (u8, u8, u8, u8) {
    let [a, b, c, d] = value.to_le_bytes();
    (a, b, c, d)
}

fn slot(insns: &mut [u8], place: usize) -> Option<&mut [u8; SLOT]> {
    insns.get_mut(place * SLOT..)?.first_chunk_mut()
}
