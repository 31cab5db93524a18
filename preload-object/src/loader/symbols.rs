//! Functions and variables of the kernel: found by name, and put into the instructions that refer to them.

use super::code::{CONTEXT, R0, R1, R2, R3, R4, STACK, When, Width};
use super::making::Making;
use super::programs::Laid;
use super::{Action, Step};
use crate::btf::kind;
use crate::externs::{KernelSymbol, SymbolKind};
use crate::insn::{Insn, SIZE};

/// `bpf_btf_find_by_name_kind` (5.14), `bpf_kallsyms_lookup_name` (5.16).
pub(super) const FIND_BY_NAME: i32 = 167;
const KALLSYMS_LOOKUP: i32 = 179;
const ENOENT: i32 = 2;

/// `BPF_PSEUDO_KFUNC_CALL` on a call (5.13), `BPF_PSEUDO_BTF_ID` on `ld_imm64` (5.10).
const KERNEL_FUNCTION: u8 = 2;
const KERNEL_SYMBOL: u8 = 3;

/// Where the fields of an instruction lie.
const REGISTERS: i16 = 1;
const OFFSET: i16 = 2;
const NUMBER: i16 = 4;
const NUMBER_OF_SECOND: i16 = 12;

/// An instruction that refers to a symbol.
struct Reference {
    place: u32,
    insn: Insn,
}

/// Finds the symbols that programs to be loaded refer to.
pub(super) fn find(making: &mut Making<'_>, programs: &[Laid]) {
    let plan = making.plan;
    for (index, symbol) in plan.symbols.iter().enumerate() {
        let references = references(making, programs, index);
        if references.is_empty() {
            continue;
        }
        let wanted = making.code.label();
        let end = making.code.label();
        for (number, program) in plan.programs.iter().enumerate() {
            if program.symbol_references.iter().any(|&[_, symbol]| symbol as usize == index) {
                making.load_flags(number);
                making.code.jump_if(R1, When::NotEqual, 0, wanted);
            }
        }
        making.code.jump(end);
        making.code.place(wanted);
        match symbol.kind {
            SymbolKind::Function(_) => typed(making, index, symbol, kind::FUNC, &references),
            SymbolKind::Variable(_) => typed(making, index, symbol, kind::VAR, &references),
            SymbolKind::Address => address(making, index, symbol, &references),
        }
        making.code.place(end);
    }
}

/// All instructions that refer to a symbol.
fn references(making: &Making<'_>, programs: &[Laid], index: usize) -> Vec<Reference> {
    let mut found = Vec::new();
    for (program, laid) in making.plan.programs.iter().zip(programs) {
        found.extend(program.symbol_references.iter().filter_map(|&[insn, symbol]| {
            let at = insn as usize * SIZE;
            let bytes = program.insns.get(at..)?.first_chunk()?;
            let place = laid.insns + at as u32;
            (symbol as usize == index).then(|| Reference { place, insn: Insn::decode(*bytes) })
        }));
    }
    found
}

/// In the type information of the kernel, else of its modules. What comes back is the number of the type, and in the upper
/// half the descriptor of the module.
fn typed(making: &mut Making<'_>, index: usize, symbol: &KernelSymbol, kind: u32, references: &[Reference]) {
    let missing = making.code.label();
    find_by_name(making, &symbol.kernel_name, kind);
    if symbol.weak {
        let found = making.code.label();
        making.code.jump_if(R0, When::NotNegative, 0, found);
        making.code.jump(missing);
        making.code.place(found);
    } else {
        making.need(Step::new(Action::FindSymbol, index));
    }
    making.code.copy(R1, R0);
    making.code.shift_right(R1, 32);
    making.code.store(Width::Word, CONTEXT, making.context.module(index), R1);
    for &Reference { place, insn } in references {
        making.code.set_place(R2, place);
        making.code.store(Width::Word, R2, NUMBER, R0);
        if insn.is_call() {
            making.code.set(R3, i32::from(KERNEL_FUNCTION << 4));
            making.code.store(Width::Byte, R2, REGISTERS, R3);
            let of_kernel = making.code.label();
            making.code.set(R3, 0);
            making.code.jump_if(R1, When::Equal, 0, of_kernel);
            making.code.set(R3, making.context.module_index(index) as i32);
            making.code.place(of_kernel);
            making.code.store(Width::Half, R2, OFFSET, R3);
        } else {
            making.code.set(R3, i32::from(insn.dst | KERNEL_SYMBOL << 4));
            making.code.store(Width::Byte, R2, REGISTERS, R3);
            making.code.store(Width::Word, R2, NUMBER_OF_SECOND, R1);
        }
    }
    making.code.place(missing);
}

/// Looks for a type; what comes of it is in `R0`.
pub(super) fn find_by_name(making: &mut Making<'_>, name: &str, kind: u32) {
    let place = making.blob.add_text(name);
    making.code.set_place(R1, place);
    making.code.set(R2, name.len() as i32 + 1);
    making.code.set(R3, kind as i32);
    making.code.set(R4, 0);
    making.code.call(FIND_BY_NAME);
}

/// Among all symbols.
fn address(making: &mut Making<'_>, index: usize, symbol: &KernelSymbol, references: &[Reference]) {
    let name = making.blob.add_text(&symbol.kernel_name);
    let missing = making.code.label();
    making.code.store_zero(-8);
    making.code.set_place(R1, name);
    making.code.set(R2, symbol.kernel_name.len() as i32 + 1);
    making.code.set(R3, 0);
    making.code.set_stack(R4);
    making.code.call(KALLSYMS_LOOKUP);
    if symbol.weak {
        making.code.jump_if(R0, When::Equal, -ENOENT, missing);
    }
    making.need(Step::new(Action::FindSymbol, index));
    making.code.load(Width::Double, R1, STACK, -8);
    for reference in references {
        making.code.set_place(R2, reference.place);
        making.code.store(Width::Word, R2, NUMBER, R1);
        making.code.copy(R3, R1);
        making.code.shift_right(R3, 32);
        making.code.store(Width::Word, R2, NUMBER_OF_SECOND, R3);
    }
    making.code.place(missing);
}
