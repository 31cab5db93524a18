//! Instructions for kernels before 5.14: a copy that refers to maps by descriptor.

use crate::sys::{Errno, Memory};

/// Bytes of one instruction slot.
const SLOT: usize = 8;
const LD_IMM64: u8 = 0x18;
/// `BPF_PSEUDO_MAP_IDX` and `BPF_PSEUDO_MAP_IDX_VALUE` become `BPF_PSEUDO_MAP_FD` and `BPF_PSEUDO_MAP_VALUE`.
const OLD_FORMS: [(u8, u8); 2] = [(5, 1), (6, 2)];

/// Copies instructions and puts the descriptor of its map in place of each index.
pub(crate) fn with_descriptors(insns: &[u8], fd_array: &[i32]) -> Result<Memory, Errno> {
    let mut copy = Memory::zeroed(insns.len())?;
    copy.bytes_mut().copy_from_slice(insns);
    patch(copy.bytes_mut(), fd_array);
    Ok(copy)
}

fn patch(insns: &mut [u8], fd_array: &[i32]) {
    let mut slots = insns.chunks_exact_mut(SLOT);
    while let Some([opcode, registers, _, _, imm @ ..]) = slots.next() {
        if *opcode != LD_IMM64 {
            continue;
        }
        let old = OLD_FORMS.iter().find(|(new, _)| *new == *registers >> 4);
        let index = <[u8; 4]>::try_from(&*imm).map(u32::from_le_bytes).unwrap_or_default();
        if let (Some((_, old)), Some(fd)) = (old, fd_array.get(index as usize)) {
            *registers = *registers & 0x0f | old << 4;
            imm.copy_from_slice(&fd.to_le_bytes());
        }
        // The second slot of the load holds the upper half, or the offset in the value.
        slots.next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_become_descriptors() {
        #[rustfmt::skip]
        let mut insns = [
            0x18, 0x51, 0, 0, 1, 0, 0, 0,   0, 0, 0, 0, 0, 0, 0, 0,
            0x18, 0x62, 0, 0, 0, 0, 0, 0,   0, 0, 0, 0, 16, 0, 0, 0,
            // A constant that looks like an index, and one whose second half looks like an instruction.
            0x18, 0x03, 0, 0, 1, 0, 0, 0,   0x18, 0x51, 0, 0, 1, 0, 0, 0,
            0x95, 0, 0, 0, 0, 0, 0, 0,
        ];
        let before = insns;
        patch(&mut insns, &[7, 300]);
        assert_eq!(insns[..8], [0x18, 0x11, 0, 0, 44, 1, 0, 0]);
        assert_eq!(insns[16..24], [0x18, 0x22, 0, 0, 7, 0, 0, 0]);
        assert_eq!(insns[24..], before[24..]);
    }
}
