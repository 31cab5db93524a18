//! Data sections.

use super::Update;
use super::typed::typed;
use crate::data::{Access, Data, Fields, ReadWrite};
use crate::error::{Call, Error, Step};
use crate::sys::{Errno, Memory};

/// Memory that the kernel does not map, for something in it is its own: locks, timers, kernel pointers.
#[derive(Clone, Copy, Debug)]
pub enum ByCall {}

typed! {
    /// A data section: a map of one value, all of whose variables are known.
    ///
    /// `S` is the section's type in the module's `data`. `A` says what may be done: [`ReadWrite`] for `.data` and
    /// `.bss`, [`ReadOnly`](crate::data::ReadOnly) for `.rodata`, [`ByCall`] for what the kernel does not map.
    DataMap<S, A>;
}

impl<S: Fields, A: Access> DataMap<S, A> {
    /// Maps the section into memory (5.5): what programs write is there at once, and the other way round.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn map(&self) -> Result<Data<S, A>, Error> {
        let failed = |errno| self.map.failed(Step::MapMemory, Call::Mmap, errno);
        let len = self.map.sizes(Step::MapMemory)?.value;
        Data::map(self.map.fd(), len).map_err(failed)
    }
}

impl<S: Fields, A> DataMap<S, A> {
    /// A copy of the section, as it is now. [`write`](DataMap::write) writes it back.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn read(&self) -> Result<Data<S>, Error> {
        let failed = |errno| self.map.failed(Step::ReadMap, Call::MapLookupElem, errno);
        let len = self.map.sizes(Step::ReadMap)?.value;
        let mut memory = Memory::zeroed(len).map_err(failed)?;
        if !self.map.get_bytes(&KEY, memory.bytes_mut())? {
            return Err(failed(Errno::ENOENT));
        }
        Data::copy(memory).map_err(failed)
    }

    fn write_copy(&self, copy: &mut Data<S>) -> Result<(), Error> {
        let Some(bytes) = copy.bytes() else {
            // It is written already.
            return Ok(());
        };
        self.map.insert_bytes(&KEY, bytes, Update::ANY)
    }
}

/// The index of the only value.
const KEY: [u8; 4] = [0; 4];

impl<S: Fields> DataMap<S, ReadWrite> {
    /// Writes a copy back, all of it: what programs have written since it was made is lost.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn write(&self, copy: &mut Data<S>) -> Result<(), Error> {
        self.write_copy(copy)
    }
}

impl<S: Fields> DataMap<S, ByCall> {
    /// Writes a copy back, all of it but what is the kernel's: what programs have written since it was made is lost.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn write(&self, copy: &mut Data<S>) -> Result<(), Error> {
        self.write_copy(copy)
    }
}
