//! What was found, by index of the symbol.

use crate::error::{Call, Error, Step};
use crate::plan::{KernelSymbol, Plan};
use crate::sys::{Fd, Memory};

/// Modules whose symbols an object can refer to.
const MODULES: usize = 16;

/// What has become of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// No program to be loaded refers to it.
    Idle,
    /// It is looked for, or not there.
    Missing,
    /// A type in the kernel's type information.
    Kernel(u32),
    /// A type in the type information of a module: index of the module, number of the type.
    Module(u32, u32),
    /// An address.
    Address(u64),
}

/// A record for each symbol, and the modules that some are in.
pub(crate) struct Symbols {
    plan: &'static Plan,
    records: Memory,
    modules: [Option<Fd>; MODULES],
}

/// Which [`Found`] it is, a number, and one of 64 bits.
const RECORD: usize = 16;

impl Symbols {
    pub(super) fn new(plan: &'static Plan) -> Result<Self, Error> {
        let records = Memory::zeroed((plan.symbols.len() * RECORD).max(1));
        let records = records.map_err(|errno| Error::system(Step::FindSymbols, Call::Mmap, errno))?;
        Ok(Self { plan, records, modules: [const { None }; MODULES] })
    }

    pub(crate) fn get(&self, index: u32) -> Found {
        let at = index as usize * RECORD;
        let record = self.records.bytes().get(at..at + RECORD).unwrap_or_default();
        let &[kind, _, _, _, a, b, c, d, ref number @ ..] = record else { return Found::Idle };
        let word = u32::from_le_bytes([a, b, c, d]);
        let number = <[u8; 8]>::try_from(number).map(u64::from_le_bytes).unwrap_or_default();
        match kind {
            1 => Found::Missing,
            2 => Found::Kernel(word),
            3 => Found::Module(number as u32, word),
            4 => Found::Address(number),
            _ => Found::Idle,
        }
    }

    pub(super) fn set(&mut self, index: u32, found: Found) {
        let (kind, word, number) = match found {
            Found::Idle => (0_u32, 0, 0),
            Found::Missing => (1, 0, 0),
            Found::Kernel(id) => (2, id, 0),
            Found::Module(module, id) => (3, id, u64::from(module)),
            Found::Address(address) => (4, 0, address),
        };
        let at = index as usize * RECORD;
        if let Some(record) = self.records.bytes_mut().get_mut(at..at + RECORD) {
            let fields = kind.to_le_bytes().into_iter().chain(word.to_le_bytes()).chain(number.to_le_bytes());
            record.iter_mut().zip(fields).for_each(|(byte, field)| *byte = field);
        }
    }

    /// The first symbol that is still looked for and fits, with its index.
    pub(super) fn missing(
        &self,
        fits: impl Fn(&'static KernelSymbol) -> bool,
    ) -> Option<(u32, &'static KernelSymbol)> {
        (0..)
            .zip(self.plan.symbols)
            .find(|&(index, symbol)| self.get(index) == Found::Missing && fits(symbol))
    }

    /// Keeps the descriptor of the next module; none when there are too many.
    pub(super) fn keep_module(&mut self, fd: Fd) -> Option<()> {
        *self.modules.iter_mut().find(|slot| slot.is_none())? = Some(fd);
        Some(())
    }

    /// The descriptors of the modules, by index.
    pub(crate) fn modules(&self) -> impl Iterator<Item = &Fd> {
        self.modules.iter().map_while(Option::as_ref)
    }
}
