//! Instructions, with labels.

use crate::insn::{self, Insn, pseudo};

/// A register.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Reg(u8);

/// What a call returns.
pub(super) const R0: Reg = Reg(0);
/// Arguments of calls, which a call leaves undefined.
pub(super) const R1: Reg = Reg(1);
pub(super) const R2: Reg = Reg(2);
pub(super) const R3: Reg = Reg(3);
pub(super) const R4: Reg = Reg(4);
/// Kept across calls: the context, the blob, the reason of a first refusal.
pub(super) const CONTEXT: Reg = Reg(6);
pub(super) const BLOB: Reg = Reg(8);
pub(super) const REFUSAL: Reg = Reg(7);
/// The end of the stack.
pub(super) const STACK: Reg = Reg(10);

/// How wide a load or a store is (`BPF_B`, `BPF_H`, `BPF_W`, `BPF_DW`).
#[derive(Clone, Copy)]
pub(super) enum Width {
    Byte = 0x10,
    Half = 0x08,
    Word = 0x00,
    Double = 0x18,
}

/// How a register is compared with a number (`BPF_JEQ`, `BPF_JNE`, `BPF_JSGE`, `BPF_JSLT`).
#[derive(Clone, Copy)]
pub(super) enum When {
    Equal = 0x10,
    NotEqual = 0x50,
    /// No error.
    NotNegative = 0x70,
    /// An error.
    Negative = 0xc0,
}

const JMP: u8 = 0x05;
const JMP_REGISTER: u8 = 0x0d;
const CALL: u8 = 0x85;
const EXIT: u8 = 0x95;
const LD_IMM64: u8 = 0x18;
const LDX: u8 = 0x61;
const ST: u8 = 0x62;
const STX: u8 = 0x63;
const MOV: u8 = 0xb7;
const MOV_REGISTER: u8 = 0xbf;
const ADD: u8 = 0x07;
const AND: u8 = 0x57;
const SHIFT_RIGHT: u8 = 0x77;

/// A place that jumps lead to, always further on.
#[derive(Clone, Copy)]
pub(super) struct Label(usize);

/// Instructions under way.
#[derive(Default)]
pub(super) struct Code {
    insns: Vec<Insn>,
    /// Where each label is; none until it is known.
    labels: Vec<Option<usize>>,
    /// Jumps, with where they lead.
    jumps: Vec<(usize, Label)>,
}

impl Code {
    /// The bytes; none when a jump is too long for its 16 bits.
    pub(super) fn finish(mut self) -> Option<Vec<u8>> {
        for (at, Label(label)) in self.jumps {
            let target = self.labels.get(label).copied().flatten()?;
            let distance = target.checked_sub(at + 1)?;
            self.insns[at].off = i16::try_from(distance).ok()?;
        }
        Some(insn::encode_all(&self.insns))
    }

    /// Puts other instructions behind these.
    pub(super) fn append(&mut self, other: &mut Self) {
        let (insns, labels) = (self.insns.len(), self.labels.len());
        self.insns.append(&mut other.insns);
        self.labels.extend(other.labels.drain(..).map(|label| label.map(|at| at + insns)));
        self.jumps
            .extend(other.jumps.drain(..).map(|(at, Label(label))| (at + insns, Label(label + labels))));
    }

    fn push(&mut self, opcode: u8, dst: Reg, src: Reg, off: i16, imm: i32) {
        self.insns.push(Insn { opcode, dst: dst.0, src: src.0, off, imm });
    }

    /// A label, for jumps that come before its place.
    pub(super) fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    /// The label is here.
    pub(super) fn place(&mut self, label: Label) {
        self.labels[label.0] = Some(self.insns.len());
    }

    /// A jump.
    pub(super) fn jump(&mut self, to: Label) {
        self.jumps.push((self.insns.len(), to));
        self.push(JMP, R0, R0, 0, 0);
    }

    /// A jump if a register compares so with a number.
    pub(super) fn jump_if(&mut self, register: Reg, when: When, number: i32, to: Label) {
        self.jumps.push((self.insns.len(), to));
        self.push(JMP | when as u8, register, R0, 0, number);
    }

    /// A jump if two registers are equal.
    pub(super) fn jump_if_same(&mut self, register: Reg, other: Reg, to: Label) {
        self.jumps.push((self.insns.len(), to));
        self.push(JMP_REGISTER | When::Equal as u8, register, other, 0, 0);
    }

    /// A call of a helper.
    pub(super) fn call(&mut self, helper: i32) {
        self.push(CALL, R0, R0, 0, helper);
    }

    /// The end, with what is in `R0`.
    pub(super) fn exit(&mut self) {
        self.push(EXIT, R0, R0, 0, 0);
    }

    pub(super) fn set(&mut self, to: Reg, number: i32) {
        self.push(MOV, to, R0, 0, number);
    }

    pub(super) fn copy(&mut self, to: Reg, from: Reg) {
        self.push(MOV_REGISTER, to, from, 0, 0);
    }

    pub(super) fn add(&mut self, to: Reg, number: i32) {
        self.push(ADD, to, R0, 0, number);
    }

    pub(super) fn and(&mut self, to: Reg, number: i32) {
        self.push(AND, to, R0, 0, number);
    }

    pub(super) fn shift_right(&mut self, to: Reg, bits: i32) {
        self.push(SHIFT_RIGHT, to, R0, 0, bits);
    }

    pub(super) fn load(&mut self, width: Width, to: Reg, from: Reg, offset: i16) {
        self.push(LDX | width as u8, to, from, offset, 0);
    }

    pub(super) fn store(&mut self, width: Width, to: Reg, offset: i16, from: Reg) {
        self.push(STX | width as u8, to, from, offset, 0);
    }

    /// A zero of eight bytes on the stack.
    pub(super) fn store_zero(&mut self, offset: i16) {
        self.push(ST | Width::Double as u8, STACK, R0, offset, 0);
    }

    /// A number of 64 bits.
    pub(super) fn set_wide(&mut self, to: Reg, number: u64) {
        self.wide(to, 0, number as u32, (number >> 32) as u32);
    }

    /// The address of a place in the blob.
    pub(super) fn set_place(&mut self, to: Reg, place: u32) {
        self.wide(to, pseudo::MAP_IDX_VALUE, 0, place);
    }

    /// The kernel's record of the map that holds the blob.
    pub(super) fn set_map(&mut self, to: Reg) {
        self.wide(to, pseudo::MAP_IDX, 0, 0);
    }

    fn wide(&mut self, to: Reg, pseudo: u8, low: u32, high: u32) {
        self.push(LD_IMM64, to, Reg(pseudo), 0, low as i32);
        self.push(0, R0, R0, 0, high as i32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_those_of_the_kernel() {
        let mut code = Code::default();
        code.set(R0, -1);
        code.load(Width::Word, R1, CONTEXT, 20);
        code.load(Width::Double, R1, STACK, -8);
        code.store(Width::Word, BLOB, 4, R0);
        code.store(Width::Byte, R2, 1, R3);
        code.store(Width::Half, R2, 2, R3);
        code.store_zero(-8);
        code.set_place(R1, 0x1234);
        code.set_map(R1);
        code.set_wide(R3, 0x1122_3344_5566_7788);
        code.shift_right(R0, 32);
        code.exit();
        let expected: [[u8; 8]; 15] = [
            [0xb7, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
            [0x61, 0x61, 20, 0, 0, 0, 0, 0],
            [0x79, 0xa1, 0xf8, 0xff, 0, 0, 0, 0],
            [0x63, 0x08, 4, 0, 0, 0, 0, 0],
            [0x73, 0x32, 1, 0, 0, 0, 0, 0],
            [0x6b, 0x32, 2, 0, 0, 0, 0, 0],
            [0x7a, 0x0a, 0xf8, 0xff, 0, 0, 0, 0],
            [0x18, 0x61, 0, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0x34, 0x12, 0, 0],
            [0x18, 0x51, 0, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 0, 0, 0],
            [0x18, 0x03, 0, 0, 0x88, 0x77, 0x66, 0x55],
            [0, 0, 0, 0, 0x44, 0x33, 0x22, 0x11],
            [0x77, 0, 0, 0, 32, 0, 0, 0],
            [0x95, 0, 0, 0, 0, 0, 0, 0],
        ];
        assert_eq!(code.finish().unwrap(), expected.concat());
    }

    #[test]
    fn jumps_lead_to_their_labels() {
        let mut code = Code::default();
        let (near, far) = (code.label(), code.label());
        code.jump_if(R0, When::NotNegative, 0, near);
        code.jump_if_same(R2, R3, far);
        code.place(near);
        code.jump(far);
        code.place(far);
        code.exit();
        let bytes = code.finish().unwrap();
        let jumps: [[u8; 8]; 3] =
            [[0x75, 0, 1, 0, 0, 0, 0, 0], [0x1d, 0x32, 1, 0, 0, 0, 0, 0], [0x05, 0, 0, 0, 0, 0, 0, 0]];
        assert_eq!(bytes[..24], jumps.concat());
    }

    #[test]
    fn a_jump_that_is_too_long_is_none() {
        let mut code = Code::default();
        let end = code.label();
        code.jump(end);
        for _ in 0..=i16::MAX as usize {
            code.set(R0, 0);
        }
        code.place(end);
        assert!(code.finish().is_none());
    }
}
