//! Symbols with a type, in the type information of the kernel and of its modules.

use super::compat::compatible;
use super::{Found, Symbols};
use crate::btf::{Graph, Numbered, View, is_named, kind};
use crate::error::{Call, Error, ErrorKind, Step};
use crate::kernel_btf;
use crate::plan::{KernelSymbol, Plan, SymbolKind};
use crate::sys::btf;

/// Finds what there is; a symbol that is there as something else, if the object cannot do without it.
pub(super) fn find(
    plan: &'static Plan,
    symbols: &mut Symbols,
) -> Result<Option<&'static KernelSymbol>, Error> {
    let found = kernel_btf::read(|bytes| {
        let object = number(View::new(plan.btf))?;
        let base = number(View::new(bytes))?;
        let (object, kernel) = (Graph::new(&object), Graph::new(&base));
        let mismatch = search(object, kernel, symbols, &mut Found::Kernel);
        if mismatch.is_some() || !is_wanted(symbols) {
            return Ok(mismatch);
        }
        in_modules(object, kernel, symbols)
    });
    found.and_then(|found| found).map_err(|error| error.at_step(Step::FindSymbols))
}

fn number(view: Option<View<'_>>) -> Result<Numbered<'_>, Error> {
    let unknown = || Error::new(Step::FindSymbols, ErrorKind::UnknownKernelBtf);
    let numbered = Numbered::new(view.ok_or_else(unknown)?);
    numbered.map_err(|errno| Error::system(Step::FindSymbols, Call::Mmap, errno))?.ok_or_else(unknown)
}

fn is_wanted(symbols: &Symbols) -> bool {
    symbols.missing(|symbol| symbol.kind != SymbolKind::Address).is_some()
}

/// Looks at all modules (5.11). One that goes away meanwhile, or whose type information cannot be read, has nothing that
/// is wanted.
fn in_modules(
    object: Graph<'_>,
    kernel: Graph<'_>,
    symbols: &mut Symbols,
) -> Result<Option<&'static KernelSymbol>, Error> {
    let mut last = 0;
    while let (Ok(id), true) = (btf::next_id(last), is_wanted(symbols)) {
        last = id;
        let Ok(fd) = btf::by_id(id) else { continue };
        let Ok(info) = btf::info(&fd) else { continue };
        if !info.is_of_kernel() || info.name() == b"vmlinux" {
            continue;
        }
        let Ok(bytes) = btf::bytes(&fd, &info) else { continue };
        let Ok(module) = number(View::new(bytes.bytes())) else { continue };
        let index = symbols.modules().count() as u32;
        let mut found = false;
        let mismatch = search(object, kernel.with_module(&module), symbols, &mut |id| {
            found = true;
            Found::Module(index, id)
        });
        if mismatch.is_some() {
            return Ok(mismatch);
        }
        if found && symbols.keep_module(fd).is_none() {
            return Err(Error::new(Step::FindSymbols, ErrorKind::TooManyModules));
        }
    }
    Ok(None)
}

/// One pass over the types of the module, where there is one, else of the kernel.
fn search(
    object: Graph<'_>,
    kernel: Graph<'_>,
    symbols: &mut Symbols,
    found: &mut dyn FnMut(u32) -> Found,
) -> Option<&'static KernelSymbol> {
    let mut mismatch = None;
    let walked = kernel.walk(&mut |id, ty| {
        if ty.kind != kind::FUNC && ty.kind != kind::VAR {
            return true;
        }
        let name = kernel.string(ty.name);
        let fits = |symbol: &KernelSymbol| {
            let kind = match symbol.kind {
                SymbolKind::Function(_) => kind::FUNC,
                SymbolKind::Variable(_) => kind::VAR,
                SymbolKind::Address => return false,
            };
            kind == ty.kind && is_named(name, symbol.kernel_name)
        };
        // Several symbols may have one name in the kernel.
        while let Some((index, symbol)) = symbols.missing(fits) {
            let (SymbolKind::Function(local) | SymbolKind::Variable(local)) = symbol.kind else { break };
            if compatible(object, local, kernel, ty.size_or_type) {
                symbols.set(index, found(id));
            } else if symbol.weak {
                // The object has other declarations, or does without.
                symbols.set(index, Found::Idle);
            } else {
                mismatch = Some(symbol);
                return false;
            }
        }
        true
    });
    // Damaged types have nothing.
    walked.and(mismatch)
}
