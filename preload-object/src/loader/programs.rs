//! Programs: laid out in the blob, brought to their targets, loaded.

use super::attr::{Attr, prog_load};
use super::code::{CONTEXT, R0, R1, R2, When, Width};
use super::context;
use super::making::Making;
use super::symbols::find_by_name;
use super::{Action, KERNEL, Step, flags};
use crate::insn::SIZE;
use crate::plan::ProgramPlan;
use crate::section::KernelType;

const ENOENT: i32 = 2;
/// What the kernel says of a target that it does not let programs of this kind be attached to: `EINVAL`, `EOPNOTSUPP`,
/// `ENOTSUPP`.
const NO_TARGET: [i32; 3] = [22, 95, 524];

/// Bytes of a `struct bpf_func_info`, `struct bpf_line_info`, `struct bpf_core_relo`.
const FUNCTION: usize = 8;
const LINE: usize = 16;
const RELOCATION: usize = 16;

/// Where the blob holds a program.
pub(super) struct Laid {
    attr: u32,
    /// Its instructions.
    pub(super) insns: u32,
    license: u32,
    functions: Option<u32>,
    lines: Option<u32>,
    relocations: Option<u32>,
}

/// Puts all programs into the blob.
pub(super) fn lay_out(making: &mut Making<'_>) -> Vec<Laid> {
    let plan = making.plan;
    let license = making.blob.add_text(&plan.license);
    plan.programs.iter().map(|program| lay_out_one(making, program, license)).collect()
}

fn lay_out_one(making: &mut Making<'_>, plan: &ProgramPlan, license: u32) -> Laid {
    let count = |bytes: &[u8], size| (bytes.len() / size) as u32;
    let mut attr = Attr::new(prog_load::SIZE)
        .word(prog_load::PROG_TYPE, plan.program_type)
        .word(prog_load::INSN_CNT, count(&plan.insns, SIZE))
        .word(prog_load::PROG_FLAGS, plan.flags)
        .name(prog_load::PROG_NAME, &plan.kernel_name)
        .word(prog_load::EXPECTED_ATTACH_TYPE, plan.attach_type);
    let mut records = |bytes: &[u8]| (!bytes.is_empty()).then(|| making.blob.add(bytes));
    let (functions, lines) = (records(&plan.func_info), records(&plan.line_info));
    let relocations = records(&plan.core_relos);
    if functions.is_some() {
        attr = attr
            .word(prog_load::FUNC_INFO_REC_SIZE, FUNCTION as u32)
            .word(prog_load::FUNC_INFO_CNT, count(&plan.func_info, FUNCTION));
    }
    if lines.is_some() {
        attr = attr
            .word(prog_load::LINE_INFO_REC_SIZE, LINE as u32)
            .word(prog_load::LINE_INFO_CNT, count(&plan.line_info, LINE));
    }
    if relocations.is_some() {
        attr = attr
            .word(prog_load::CORE_RELO_REC_SIZE, RELOCATION as u32)
            .word(prog_load::CORE_RELO_CNT, count(&plan.core_relos, RELOCATION));
    }
    let insns = making.blob.add(&plan.insns);
    let attr = making.blob.add(attr.bytes());
    Laid { attr, insns, license, functions, lines, relocations }
}

/// Loads the programs that are not left out.
pub(super) fn load(making: &mut Making<'_>, programs: &[Laid]) {
    let plan = making.plan;
    for (index, (program, laid)) in plan.programs.iter().zip(programs).enumerate() {
        let end = making.code.label();
        making.load_flags(index);
        making.code.jump_if(R1, When::Equal, 0, end);
        // One that stands in for another is not needed where that one has its target.
        for other in stands_in_for(plan.programs.as_slice(), index) {
            making.code.load(Width::Word, R1, CONTEXT, making.context.program(other));
            making.code.jump_if(R1, When::NotEqual, 0, end);
        }
        if let Some(target) = &program.btf_target {
            find_target(making, index, target);
            let found = making.code.label();
            making.code.jump_if(R0, When::NotNegative, 0, found);
            end_if_optional(making, index, end);
            making.code.fail(Step::new(Action::FindTarget, index));
            making.code.place(found);
        }
        fill_in(making, index, laid);
        making.call(prog_load::COMMAND, prog_load::SIZE);
        let loaded = making.code.label();
        making.code.jump_if(R0, When::NotNegative, 0, loaded);
        if program.btf_target.is_some() {
            let refused = making.code.label();
            let fail = making.code.label();
            for errno in NO_TARGET {
                making.code.jump_if(R0, When::Equal, -errno, refused);
            }
            making.code.jump(fail);
            making.code.place(refused);
            end_if_optional(making, index, end);
            making.code.place(fail);
        }
        making.code.fail(Step::new(Action::LoadProgram, index));
        making.code.place(loaded);
        making.keep(making.context.program(index));
        making.code.place(end);
    }
}

/// The programs that are loaded only where there is their target, and that one stands in for.
fn stands_in_for(programs: &[ProgramPlan], index: usize) -> impl Iterator<Item = usize> {
    let others = std::iter::successors(programs[index].instead_of, |&other| programs[other].instead_of);
    // They come before it, so that there is an end.
    others.filter(|&other| programs[other].btf_target.is_some())
}

fn end_if_optional(making: &mut Making<'_>, index: usize, end: super::code::Label) {
    making.load_flags(index);
    making.code.and(R1, flags::OPTIONAL as i32);
    making.code.jump_if(R1, When::NotEqual, 0, end);
}

/// Leaves the number of the type in `R0`, and keeps the descriptor of the module that it is in.
fn find_target(making: &mut Making<'_>, index: usize, target: &KernelType) {
    let missing = making.code.label();
    find_by_name(making, &target.name, target.kind);
    making.code.copy(R1, R0);
    making.code.jump_if(R0, When::Negative, 0, missing);
    making.code.shift_right(R1, 32);
    making.code.store(Width::Word, CONTEXT, making.context.target(index), R1);
    if target.module.as_deref() == Some(KERNEL) {
        making.code.jump_if(R1, When::Equal, 0, missing);
        making.code.set(R0, -ENOENT);
    }
    making.code.place(missing);
}

/// Fills in what is known only now; the number of the target is in `R0`.
fn fill_in(making: &mut Making<'_>, index: usize, laid: &Laid) {
    let plan = making.plan;
    let program = &plan.programs[index];
    making.code.set_place(R2, laid.attr);
    if program.btf_target.is_some() {
        making.code.store(Width::Word, R2, prog_load::ATTACH_BTF_ID, R0);
        making.pass(prog_load::ATTACH_BTF_OBJ_FD, making.context.target(index));
    }
    making.point(prog_load::INSNS, laid.insns);
    making.point(prog_load::LICENSE, laid.license);
    making.pass_log(prog_load::LOG_BUF, prog_load::LOG_SIZE, prog_load::LOG_LEVEL);
    let records = [
        (prog_load::FUNC_INFO, laid.functions),
        (prog_load::LINE_INFO, laid.lines),
        (prog_load::CORE_RELOS, laid.relocations),
    ];
    if records.iter().any(|(_, records)| records.is_some()) {
        making.pass(prog_load::PROG_BTF_FD, context::BTF);
    }
    for (field, place) in records {
        if let Some(place) = place {
            making.point(field, place);
        }
    }
    if !plan.maps.is_empty() || !plan.symbols.is_empty() {
        making.point_into_context(prog_load::FD_ARRAY, context::FDS);
    }
}
