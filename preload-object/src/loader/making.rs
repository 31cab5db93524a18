//! What all steps of a loader are made of.

use super::attr::{Attr, btf_load, map_update};
use super::blob::Blob;
use super::code::{BLOB, CONTEXT, Code, R0, R1, R2, R3, Reg, STACK, When, Width};
use super::context::{self, Context};
use super::{Action, MapPlace, Step, maps, programs, symbols};
use crate::plan::Plan;

/// `bpf_sys_bpf` (5.14).
const SYS_BPF: i32 = 166;
const EINVAL: i32 = 22;

/// A loader under way.
pub(super) struct Making<'a> {
    pub(super) plan: &'a Plan,
    pub(super) context: &'a Context,
    pub(super) blob: Blob,
    pub(super) code: Code,
    /// Where the blob holds eight zeros: the key of a data section.
    pub(super) zero: u32,
    /// Where it holds the attribute of `BPF_MAP_UPDATE_ELEM`, which is filled in for each call.
    pub(super) update: u32,
}

impl<'a> Making<'a> {
    pub(super) fn new(plan: &'a Plan, context: &'a Context, mut blob: Blob) -> Self {
        let zero = blob.add(&[0; 8]);
        let update = blob.add(Attr::new(map_update::SIZE).bytes());
        Self { plan, context, blob, code: Code::default(), zero, update }
    }

    pub(super) fn into_parts(self) -> (Code, Blob) {
        (self.code, self.blob)
    }

    /// All steps, in their order; where the maps lie.
    pub(super) fn all(&mut self) -> Vec<MapPlace> {
        self.load_btf();
        let programs = programs::lay_out(self);
        symbols::find(self, &programs);
        let places = maps::make(self);
        maps::fill_with_maps(self);
        programs::load(self, &programs);
        maps::fill_with_programs(self);
        self.code.set(R0, 0);
        self.code.exit();
        places
    }

    fn load_btf(&mut self) {
        if self.plan.btf.is_empty() {
            return;
        }
        let btf = self.blob.add(&self.plan.btf);
        let attr = Attr::new(btf_load::SIZE).word(btf_load::BTF_SIZE, self.plan.btf.len() as u32);
        let attr = self.blob.add(attr.bytes());
        self.code.set_place(R2, attr);
        self.point(btf_load::BTF, btf);
        self.pass_log(btf_load::LOG_BUF, btf_load::LOG_SIZE, btf_load::LOG_LEVEL);
        self.call(btf_load::COMMAND, btf_load::SIZE);
        self.need(Step::new(Action::LoadBtf, 0));
        self.keep(context::BTF);
    }

    /// Makes a field of the attribute in `R2` point to a place of the blob.
    pub(super) fn point(&mut self, field: i16, place: u32) {
        self.code.set_place(R1, place);
        self.code.store(Width::Double, R2, field, R1);
    }

    /// Makes a field of the attribute in `R2` point to a place of the context.
    pub(super) fn point_into_context(&mut self, field: i16, place: i16) {
        self.code.copy(R1, CONTEXT);
        self.code.add(R1, i32::from(place));
        self.code.store(Width::Double, R2, field, R1);
    }

    /// Copies a word of the context into a field of the attribute in `R2`.
    pub(super) fn pass(&mut self, field: i16, place: i16) {
        self.code.load(Width::Word, R1, CONTEXT, place);
        self.code.store(Width::Word, R2, field, R1);
    }

    /// Gives the attribute in `R2` the log of the context.
    pub(super) fn pass_log(&mut self, buffer: i16, size: i16, level: i16) {
        self.code.load(Width::Double, R1, CONTEXT, context::LOG_BUF);
        self.code.store(Width::Double, R2, buffer, R1);
        self.pass(size, context::LOG_SIZE);
        self.pass(level, context::LOG_LEVEL);
    }

    /// A call of bpf(2) with the attribute in `R2`.
    pub(super) fn call(&mut self, command: i32, size: usize) {
        self.code.set(R1, command);
        self.code.set(R3, size as i32);
        self.code.call(SYS_BPF);
    }

    /// Ends the loader when `R0` is an error.
    pub(super) fn need(&mut self, step: Step) {
        let ok = self.code.label();
        self.code.jump_if(R0, When::NotNegative, 0, ok);
        self.code.fail(step);
        self.code.place(ok);
    }

    /// Keeps the descriptor in `R0`.
    pub(super) fn keep(&mut self, place: i16) {
        self.code.store(Width::Word, CONTEXT, place, R0);
    }

    /// Loads the word of a program into `R1`.
    pub(super) fn load_flags(&mut self, program: usize) {
        // As many programs as the context has room for are within reach.
        self.code.load(Width::Word, R1, BLOB, (program * 4) as i16);
    }
}

impl Code {
    /// What everything else takes for granted.
    pub(super) fn begin(&mut self) {
        self.copy(CONTEXT, R1);
        self.set_place(BLOB, 0);
    }

    /// Ends the loader with the error in `R0`.
    pub(super) fn fail(&mut self, step: Step) {
        self.set(R1, step.number() as i32);
        self.store(Width::Word, CONTEXT, context::STEP, R1);
        self.exit();
    }

    /// Compares the blob with its hash. The kernel has made its own when user space has asked for it, of a map that was
    /// frozen by then; it lies at the start of its record of the map (6.18).
    pub(super) fn compare(&mut self, hash: &[u8; 32]) {
        self.set_map(R1);
        for (offset, word) in (0..).step_by(8).zip(hash.chunks_exact(8)) {
            let word = word.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
            let same = self.label();
            self.load(Width::Double, R2, R1, offset);
            self.set_wide(R3, word);
            self.jump_if_same(R2, R3, same);
            self.set(R0, -EINVAL);
            self.fail(Step::new(Action::Check, 0));
            self.place(same);
        }
    }

    /// Loads the address of eight bytes of the stack.
    pub(super) fn set_stack(&mut self, to: Reg) {
        self.copy(to, STACK);
        self.add(to, -8);
    }
}
