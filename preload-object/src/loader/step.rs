//! How a loader says what it could not do.

/// What a loader was about to do, with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub action: Action,
    /// The index of the map, the program or the symbol in the plan; 0 for others.
    pub index: u32,
}

/// The kinds of a loader's steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Action {
    /// Compare the blob with its hash.
    Check = 1,
    /// Load the type information.
    LoadBtf = 2,
    /// Find a symbol of the kernel.
    FindSymbol = 3,
    /// Make a map.
    CreateMap = 4,
    /// Put into a map what it holds from the start.
    FillMap = 5,
    /// Freeze a map.
    FreezeMap = 6,
    /// Find what a program is loaded against.
    FindTarget = 7,
    /// Load a program.
    LoadProgram = 8,
}

impl Step {
    pub(super) fn new(action: Action, index: usize) -> Self {
        // The context has no room for more than thousands.
        Self { action, index: index as u32 }
    }

    /// As it stands in the context: the action in the upper eight bits, the index in the others.
    pub fn number(self) -> u32 {
        (self.action as u32) << 24 | self.index
    }
}
