//! The context of a loader: what user space tells it, and what it hands back.
//!
//! Descriptors are in the process as soon as the kernel has made them, so that the context is where they are kept from the
//! start: whoever runs the loader closes them, also those of a run that has failed.

use super::Error;
use crate::plan::Plan;

/// In: where the verifier writes its log, as an address of 64 bits; 0 for none.
pub(super) const LOG_BUF: i16 = 0;
/// In: bytes of the log.
pub(super) const LOG_SIZE: i16 = 8;
/// In: how much the verifier says.
pub(super) const LOG_LEVEL: i16 = 12;
/// In: elements of perf event arrays whose number the object leaves open.
pub(super) const CPUS: i16 = 16;
/// Out: the step that has failed, as [`Step`](super::Step) numbers them.
pub(super) const STEP: i16 = 20;
/// Out: the object's type information.
pub(super) const BTF: i16 = 24;
/// Out: from here on descriptors, the first of them those of maps and modules that instructions refer to by index.
pub(super) const FDS: i16 = 32;

/// The loader reaches no further: offsets of instructions are signed, of 16 bits.
const LIMIT: usize = i16::MAX as usize;

/// Where the descriptors are. 0 stands for none: whoever runs a loader sees to it that 0 is not free.
pub(super) struct Context {
    maps: usize,
    symbols: usize,
    programs: usize,
}

impl Context {
    pub(super) fn new(plan: &Plan) -> Result<Self, Error> {
        let context =
            Self { maps: plan.maps.len(), symbols: plan.symbols.len(), programs: plan.programs.len() };
        if context.size() > LIMIT { Err(Error::TooMany) } else { Ok(context) }
    }

    fn word(index: usize) -> i16 {
        // All of them are below the limit.
        FDS + (index * 4) as i16
    }

    /// A map.
    pub(super) fn map(&self, index: usize) -> i16 {
        Self::word(index)
    }

    /// The index by which instructions refer to the module of a symbol; 0 would be the kernel itself.
    pub(super) fn module_index(&self, symbol: usize) -> usize {
        self.maps.max(1) + symbol
    }

    /// The module that a symbol is in.
    pub(super) fn module(&self, symbol: usize) -> i16 {
        Self::word(self.module_index(symbol))
    }

    fn behind_modules(&self) -> usize {
        self.module_index(self.symbols)
    }

    /// The map that shows the kernel what those in a map of maps are like.
    pub(super) fn inner(&self, map: usize) -> i16 {
        Self::word(self.behind_modules() + map)
    }

    /// The module that a program's target is in.
    pub(super) fn target(&self, program: usize) -> i16 {
        Self::word(self.behind_modules() + self.maps + program)
    }

    /// A program.
    pub(super) fn program(&self, index: usize) -> i16 {
        Self::word(self.behind_modules() + self.maps + self.programs + index)
    }

    /// Bytes of all of it.
    pub(super) fn size(&self) -> usize {
        FDS as usize + 4 * (self.behind_modules() + self.maps + 2 * self.programs)
    }
}
