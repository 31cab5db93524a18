//! Functions and variables of the kernel that programs refer to: found on the machine, and put into a copy of the
//! instructions.
//!
//! What has a type is looked for in the kernel's type information, then in that of its modules; what has none in
//! `/proc/kallsyms`, which is slower. A plan's instructions are those for a kernel that has none of them, so that only
//! what was found is put in.

mod compat;
mod kallsyms;
mod patch;
mod table;
mod typed;

use crate::error::{Error, ErrorKind, Step};
use crate::plan::{KernelSymbol, Plan, ProgramPlan, SymbolKind};
use crate::skeleton::OpenProgram;
use crate::sys::{Errno, Memory};

pub(crate) use table::{Found, Symbols};

/// Finds the symbols that programs to be loaded refer to.
fn find(plan: &'static Plan, programs: &[&OpenProgram]) -> Result<Symbols, Error> {
    let mut symbols = Symbols::new(plan)?;
    let loaded = || plan.programs.iter().zip(programs).filter(|(_, open)| open.autoload());
    for (program, _) in loaded() {
        for reference in program.symbols {
            symbols.set(reference.symbol, Found::Missing);
        }
    }
    let named = |error: Error, symbol: &KernelSymbol| {
        let refers = |program: &&ProgramPlan| {
            let mut symbols =
                program.symbols.iter().filter_map(|found| plan.symbols.get(found.symbol as usize));
            symbols.any(|found| core::ptr::eq(found, symbol))
        };
        match loaded().map(|(program, _)| program).find(refers) {
            Some(program) => error.with_item(program.name),
            None => error,
        }
    };
    let error = |kind: ErrorKind, symbol| named(Error::new(Step::FindSymbols, kind), symbol);
    if symbols.missing(|symbol| symbol.kind != SymbolKind::Address).is_some() {
        if let Some(symbol) = typed::find(plan, &mut symbols)? {
            return Err(error(ErrorKind::SymbolMismatch(symbol), symbol));
        }
    }
    if symbols.missing(|symbol| symbol.kind == SymbolKind::Address).is_some() {
        if let Some(symbol) = kallsyms::find(&mut symbols)? {
            return Err(error(ErrorKind::HiddenAddresses(symbol), symbol));
        }
    }
    match symbols.missing(|symbol| !symbol.weak) {
        None => Ok(symbols),
        Some((_, symbol)) => Err(error(ErrorKind::MissingSymbol(symbol), symbol)),
    }
}

/// What an object with symbols of the kernel needs at load.
pub(crate) struct Calls {
    pub(crate) find: fn(&'static Plan, &[&OpenProgram]) -> Result<Symbols, Error>,
    pub(crate) instructions: fn(&'static ProgramPlan, &Symbols, usize) -> Result<Option<Memory>, Errno>,
}

pub(crate) static CALLS: Calls = Calls { find, instructions };

/// The instructions of a program with what was found in them; none where nothing was, so that they can stay as they are.
///
/// `modules` is the index of the first module's descriptor in `fd_array`.
fn instructions(
    plan: &'static ProgramPlan,
    symbols: &Symbols,
    modules: usize,
) -> Result<Option<Memory>, Errno> {
    let found = |index| !matches!(symbols.get(index), Found::Idle | Found::Missing);
    if !plan.symbols.iter().any(|reference| found(reference.symbol)) {
        return Ok(None);
    }
    let mut copy = Memory::zeroed(plan.insns.len())?;
    copy.bytes_mut().copy_from_slice(plan.insns);
    for reference in plan.symbols {
        let found = symbols.get(reference.symbol);
        patch::put(copy.bytes_mut(), reference.insn as usize, found, symbols, modules);
    }
    Ok(Some(copy))
}
