//! Room for what is noted of each map and each program while an object is loaded and attached, on the stack: there is no
//! allocator here.
//!
//! How much it is only the type of a skeleton knows; everything else works on slices of it, so that objects of different sizes
//! are loaded by the same code, which the compiler of whoever uses one does not have to compile again.

use crate::attach::{self, Outcome};
use crate::kernel_btf::Wanted;
use crate::struct_ops::{Fitted, Function};
use crate::sys::Fd;

/// The room itself, by index in the plan of the object.
pub(crate) struct Space<const MAPS: usize, const PROGRAMS: usize> {
    maps: [Option<Fd>; MAPS],
    programs: [Option<Fd>; PROGRAMS],
    new: [bool; MAPS],
    raw: [i32; MAPS],
    fitted: [Option<Fitted>; MAPS],
    functions: [Option<Function>; PROGRAMS],
    targets: [Wanted; PROGRAMS],
    shared: [bool; MAPS],
    outcomes: [Outcome; PROGRAMS],
    taken_operations: [bool; MAPS],
}

/// The same as slices.
pub(crate) struct Rooms<'a> {
    pub(crate) load: Room<'a>,
    /// Which of the maps are shared by a pin that was made just now.
    pub(crate) shared: &'a mut [bool],
    pub(crate) attach: attach::Room<'a>,
}

/// What a load needs, and in the end the descriptors of the loaded object.
pub(crate) struct Room<'a> {
    pub(crate) maps: &'a mut [Option<Fd>],
    pub(crate) programs: &'a mut [Option<Fd>],
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

impl Room<'_> {
    /// Lets go of all descriptors that are left: after a failure nothing of the object is to be there any more when the next
    /// one has its turn.
    pub(crate) fn clear(&mut self) {
        self.maps.fill_with(|| None);
        self.programs.fill_with(|| None);
        self.fitted.fill_with(|| None);
        self.targets.fill_with(|| Wanted::NOTHING);
    }
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
            shared: [false; MAPS],
            outcomes: [const { Outcome::NONE }; PROGRAMS],
            taken_operations: [false; MAPS],
        }
    }

    pub(crate) fn rooms(&mut self) -> Rooms<'_> {
        Rooms {
            load: Room {
                maps: &mut self.maps,
                programs: &mut self.programs,
                new: &mut self.new,
                raw: &mut self.raw,
                fitted: &mut self.fitted,
                functions: &mut self.functions,
                targets: &mut self.targets,
            },
            shared: &mut self.shared,
            attach: attach::Room { outcomes: &mut self.outcomes, operations: &mut self.taken_operations },
        }
    }
}
