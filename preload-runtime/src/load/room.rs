//! Room for what a load needs for each map and each program, on the stack: there is no allocator here.
//!
//! How much it is only the type of a skeleton knows; everything else works on slices of it, so that objects of different sizes
//! are loaded by the same code.

use crate::kernel_btf::Wanted;
use crate::struct_ops::{Fitted, Function};
use crate::sys::Fd;

/// The room itself, and in the end the descriptors of the loaded object, by index in its plan.
pub(crate) struct Space<const MAPS: usize, const PROGRAMS: usize> {
    pub(crate) maps: [Option<Fd>; MAPS],
    pub(crate) programs: [Option<Fd>; PROGRAMS],
    new: [bool; MAPS],
    raw: [i32; MAPS],
    fitted: [Option<Fitted>; MAPS],
    functions: [Option<Function>; PROGRAMS],
    targets: [Wanted; PROGRAMS],
}

/// The same as slices.
pub(crate) struct Room<'a> {
    pub(super) maps: &'a mut [Option<Fd>],
    pub(super) programs: &'a mut [Option<Fd>],
    /// Which of the maps were made just now.
    pub(super) new: &'a mut [bool],
    /// The numbers of the maps' descriptors.
    pub(super) raw: &'a mut [i32],
    /// The kernel's side of operations, by map.
    pub(super) fitted: &'a mut [Option<Fitted>],
    /// What programs are in operations.
    pub(super) functions: &'a mut [Option<Function>],
    /// What programs are loaded against.
    pub(super) targets: &'a mut [Wanted],
}

impl<const MAPS: usize, const PROGRAMS: usize> Space<MAPS, PROGRAMS> {
    pub(crate) fn new() -> Self {
        Self {
            maps: [const { None }; MAPS],
            programs: [const { None }; PROGRAMS],
            new: [false; MAPS],
            raw: [-1; MAPS],
            fitted: [const { None }; MAPS],
            functions: [None; PROGRAMS],
            targets: [const { Wanted::NOTHING }; PROGRAMS],
        }
    }

    pub(crate) fn room(&mut self) -> Room<'_> {
        Room {
            maps: &mut self.maps,
            programs: &mut self.programs,
            new: &mut self.new,
            raw: &mut self.raw,
            fitted: &mut self.fitted,
            functions: &mut self.functions,
            targets: &mut self.targets,
        }
    }
}
