//! One eBPF instruction: decoding, encoding and the few forms that linking looks for.
//!
//! The forms are those of the kernel's `Documentation/bpf/standardization/instruction-set.rst` and
//! `linux/bpf.h`.

/// Bytes of one instruction slot.
pub(crate) const SIZE: usize = 8;

const LD_IMM64: u8 = 0x18;
const CALL: u8 = 0x85;

/// libbpf's number for a call of a kernel function that the kernel does not have, to which the index of the symbol
/// is added: no helper has it.
pub(crate) const MISSING_FUNCTION: i32 = 2_002_000_000;

/// Values of the source register that give a `ld_imm64` or a call its meaning (`BPF_PSEUDO_*`).
pub(crate) mod pseudo {
    /// On a call: a function of the same program.
    pub(crate) const CALL: u8 = 1;
    /// On `ld_imm64`: the address of a function of the same program.
    pub(crate) const FUNC: u8 = 4;
    /// On `ld_imm64`: a map, by its index in `fd_array` (5.14).
    pub(crate) const MAP_IDX: u8 = 5;
    /// On `ld_imm64`: an address inside the value of a map, by index in `fd_array` (5.14).
    pub(crate) const MAP_IDX_VALUE: u8 = 6;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Insn {
    pub(crate) opcode: u8,
    pub(crate) dst: u8,
    pub(crate) src: u8,
    pub(crate) off: i16,
    pub(crate) imm: i32,
}

impl Insn {
    pub(crate) fn decode(bytes: [u8; SIZE]) -> Self {
        let [opcode, registers, off0, off1, imm0, imm1, imm2, imm3] = bytes;
        Self {
            opcode,
            dst: registers & 0x0f,
            src: registers >> 4,
            off: i16::from_le_bytes([off0, off1]),
            imm: i32::from_le_bytes([imm0, imm1, imm2, imm3]),
        }
    }

    pub(crate) fn encode(self) -> [u8; SIZE] {
        let [off0, off1] = self.off.to_le_bytes();
        let [imm0, imm1, imm2, imm3] = self.imm.to_le_bytes();
        [self.opcode, self.dst | self.src << 4, off0, off1, imm0, imm1, imm2, imm3]
    }

    /// The first of the two slots of a 64-bit immediate load.
    pub(crate) fn is_ld_imm64(self) -> bool {
        self.opcode == LD_IMM64
    }

    /// The index of the map that it refers to.
    pub(crate) fn map(self) -> Option<usize> {
        let refers = self.is_ld_imm64() && matches!(self.src, pseudo::MAP_IDX | pseudo::MAP_IDX_VALUE);
        usize::try_from(self.imm).ok().filter(|_| refers)
    }

    /// A call of a kernel helper: its number.
    pub(crate) fn helper(self) -> Option<u32> {
        (self.opcode == CALL && self.src == 0).then_some(self.imm as u32)
    }

    /// A call of a function of the program.
    pub(crate) fn is_local_call(self) -> bool {
        self.opcode == CALL && self.src == pseudo::CALL
    }

    pub(crate) fn is_call(self) -> bool {
        self.opcode == CALL
    }
}

/// The bytes of instructions.
pub(crate) fn encode_all(insns: &[Insn]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(insns.len() * SIZE);
    for insn in insns {
        bytes.extend_from_slice(&insn.encode());
    }
    bytes
}

/// Decodes whole instruction slots; a rest shorter than one is left out, callers check the length.
pub(crate) fn decode_all(bytes: &[u8]) -> Vec<Insn> {
    bytes.chunks_exact(SIZE).filter_map(|slot| slot.try_into().ok()).map(Insn::decode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_is_the_inverse_of_decoding() {
        let bytes = [0x18, 0x52, 0x34, 0xff, 0x78, 0x56, 0x34, 0x92];
        let insn = Insn::decode(bytes);
        assert_eq!((insn.dst, insn.src, insn.off), (2, 5, -204));
        assert_eq!(insn.encode(), bytes);
    }

    #[test]
    fn a_helper_call_is_not_a_local_call() {
        let helper = Insn::decode([0x85, 0, 0, 0, 6, 0, 0, 0]);
        assert_eq!(helper.helper(), Some(6));
        assert!(!helper.is_local_call());
        let local = Insn::decode([0x85, 0x10, 0, 0, 6, 0, 0, 0]);
        assert_eq!(local.helper(), None);
        assert!(local.is_local_call());
    }
}
