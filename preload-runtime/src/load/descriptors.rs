//! What instructions refer to by index: the descriptors of maps, then those of the type information of modules.

use crate::error::{Call, Error, Step};
use crate::symbols::Symbols;
use crate::sys::{Fd, Memory};

/// The index of the first module: 0 stands for the kernel itself.
pub(super) fn first_module(maps: usize) -> usize {
    maps.max(1)
}

/// The descriptors of maps with those of modules behind; none where there are no modules.
pub(super) fn with_modules(maps: &[i32], symbols: Option<&Symbols>) -> Result<Option<Memory>, Error> {
    let modules = || symbols.into_iter().flat_map(Symbols::modules);
    if modules().next().is_none() {
        return Ok(None);
    }
    let first = first_module(maps.len());
    let memory = Memory::zeroed((first + modules().count()) * size_of::<i32>());
    let mut memory = memory.map_err(|errno| Error::system(Step::FindSymbols, Call::Mmap, errno))?;
    let fds = maps.iter().copied().chain((maps.len()..first).map(|_| -1)).chain(modules().map(Fd::raw));
    for (word, fd) in memory.bytes_mut().chunks_exact_mut(size_of::<i32>()).zip(fds) {
        word.copy_from_slice(&fd.to_ne_bytes());
    }
    Ok(Some(memory))
}
