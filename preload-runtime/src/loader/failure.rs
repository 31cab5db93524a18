//! What it means that a loader has stopped.

use crate::error::{Call, Error, ErrorKind, SignatureProblem, Step};
use crate::load;
use crate::plan::{KernelSymbol, Plan, ProgramPlan};
use crate::sys::Errno;

/// The steps of a loader, by the upper eight bits of their number; the others are the index of the map, the program or the
/// symbol.
mod action {
    pub(super) const CHECK: u32 = 1;
    pub(super) const LOAD_BTF: u32 = 2;
    pub(super) const FIND_SYMBOL: u32 = 3;
    pub(super) const CREATE_MAP: u32 = 4;
    pub(super) const FILL_MAP: u32 = 5;
    pub(super) const FREEZE_MAP: u32 = 6;
    pub(super) const FIND_TARGET: u32 = 7;
    pub(super) const LOAD_PROGRAM: u32 = 8;
}

/// The error that a loader returns; none where it has come to its end.
pub(super) fn errno(result: i32) -> Option<Errno> {
    (result < 0).then(|| Errno::new(result.saturating_neg()))
}

/// What has failed.
pub(super) fn describe(plan: &'static Plan, step: u32, errno: Errno) -> Error {
    let index = (step & 0x00ff_ffff) as usize;
    let map = |step, call| {
        let error = Error::system(step, call, errno);
        plan.maps.get(index).map_or(error, |map| Error::system(step, call, errno).with_item(map.name))
    };
    let of_program = |error: Error| match plan.programs.get(index) {
        Some(program) => error.with_item(program.name),
        None => error,
    };
    match step >> 24 {
        action::CHECK => Error::new(Step::RunLoader, ErrorKind::Signature(SignatureProblem::Changed)),
        action::LOAD_BTF => Error::system(Step::LoadBtf, Call::BtfLoad, errno),
        action::FIND_SYMBOL => match plan.symbols.get(index) {
            Some(symbol) => missing_symbol(plan, index, symbol, errno),
            None => Error::system(Step::FindSymbols, Call::ProgRun, errno),
        },
        action::CREATE_MAP => map(Step::CreateMap, Call::MapCreate).with_hint(
            (errno == Errno::EINVAL)
                .then_some("the kernel does not take this type, size or number of entries for a map"),
        ),
        action::FILL_MAP => map(Step::FillMap, Call::MapUpdateElem),
        action::FREEZE_MAP => map(Step::FreezeMap, Call::MapFreeze),
        action::FIND_TARGET => of_program(match plan.programs.get(index) {
            Some(ProgramPlan { btf_target: Some(target), .. }) if errno == Errno::ENOENT => {
                Error::new(Step::FindTarget, ErrorKind::NoTarget(target))
            }
            _ => Error::system(Step::FindTarget, Call::ProgRun, errno),
        }),
        action::LOAD_PROGRAM => of_program(Error::system(Step::LoadProgram, Call::ProgLoad, errno)),
        _ => Error::system(Step::RunLoader, Call::ProgRun, errno),
    }
}

fn missing_symbol(plan: &'static Plan, index: usize, symbol: &'static KernelSymbol, errno: Errno) -> Error {
    let error = match errno {
        Errno::ENOENT => Error::new(Step::FindSymbols, ErrorKind::MissingSymbol(symbol)),
        Errno::EPERM => Error::new(Step::FindSymbols, ErrorKind::HiddenAddresses(symbol)),
        _ => Error::system(Step::FindSymbols, Call::ProgRun, errno),
    };
    let refers = |program: &&ProgramPlan| program.symbols.iter().any(|found| found.symbol as usize == index);
    match plan.programs.iter().find(refers) {
        Some(program) => error.with_item(program.name),
        None => error,
    }
}

/// Whether the kernel has more to say of an error.
pub(super) fn has_log(error: &Error) -> bool {
    matches!(error.step(), Step::LoadBtf | Step::LoadProgram) && load::may_have_log(error)
}

/// Says of a program that was refused what its log says.
pub(super) fn explain(plan: &'static Plan, error: Error) -> Error {
    match plan.programs.iter().find(|program| error.item() == Some(program.name)) {
        Some(program) if error.step() == Step::LoadProgram => load::explain(program, error),
        _ => error,
    }
}
