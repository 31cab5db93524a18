//! The context of a loader: what it is told, and what it hands back.

use crate::sys::{Errno, Fd, Memory, loader as sys};

/// In: elements of perf event arrays without a number. In front of it are the fields of the log.
const CPUS: usize = 16;
/// Out: the step that has failed.
const STEP: usize = 20;
/// Out: from here on descriptors, 0 for none.
const FDS: usize = 24;

/// A context, which owns the descriptors that a run has left in it.
pub(super) struct Context(Memory);

impl Context {
    pub(super) fn new(size: usize, cpus: u32) -> Result<Self, Errno> {
        let mut context = Self(Memory::zeroed(size)?);
        context.put(CPUS, cpus);
        Ok(context)
    }

    /// Runs a loader, which goes on until something fails; what it returns.
    pub(super) fn run(&mut self, program: &Fd, log: Option<&mut [u8]>) -> Result<i32, Errno> {
        sys::run(program, self.0.bytes_mut(), log)
    }

    /// The step that has failed.
    pub(super) fn step(&self) -> u32 {
        self.get(STEP)
    }

    /// The descriptor at a place, given up.
    pub(super) fn take(&mut self, at: usize) -> Result<Option<Fd>, Errno> {
        match self.get(at) {
            0 => Ok(None),
            fd => {
                self.put(at, 0);
                Fd::made(fd).map(Some)
            }
        }
    }

    fn get(&self, at: usize) -> u32 {
        let word = self.0.bytes().get(at..).and_then(<[u8]>::first_chunk);
        word.copied().map_or(0, u32::from_le_bytes)
    }

    fn put(&mut self, at: usize, word: u32) {
        if let Some(place) = self.0.bytes_mut().get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *place = word.to_le_bytes();
        }
    }
}

/// Closes what nobody has taken: type information, modules, maps that only show what others are like; all of it after a
/// failure.
impl Drop for Context {
    fn drop(&mut self) {
        for at in (FDS..self.0.bytes().len()).step_by(size_of::<u32>()) {
            drop(self.take(at));
        }
    }
}
