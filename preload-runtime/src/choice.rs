//! What was chosen before load, as generated code hands it over.

use crate::data::Variables;
use crate::plan::MapPlan;
use crate::skeleton::OpenMap;
use crate::sys::{Errno, Memory};

/// What was chosen for a map.
#[derive(Clone, Copy)]
pub enum MapChoice<'a> {
    /// Its size, and where it comes from.
    Map(&'a OpenMap),
    /// The values of a data section's variables.
    Variables(&'a dyn Variables, &'static MapPlan),
    /// Nothing: a data section without variables that anyone could name.
    Nothing,
}

impl<'a> MapChoice<'a> {
    /// What may be chosen for a map that is no data section.
    pub(crate) fn open(self) -> Option<&'a OpenMap> {
        match self {
            Self::Map(open) => Some(open),
            Self::Variables(..) | Self::Nothing => None,
        }
    }

    /// What a data section holds, where that is not what the plan says.
    pub(crate) fn contents(self) -> Result<Option<Memory>, Errno> {
        let Some((variables, plan)) = self.changed() else { return Ok(None) };
        let mut memory = Memory::zeroed(plan.value_size as usize)?;
        for (byte, known) in memory.bytes_mut().iter_mut().zip(plan.contents) {
            *byte = *known;
        }
        variables.write(memory.bytes_mut());
        Ok(Some(memory))
    }

    /// Tells one set of values from another; none where they are those of the plan.
    pub(crate) fn variables(self) -> Option<u64> {
        self.changed().map(|(variables, _)| variables.digest(0xcbf2_9ce4_8422_2325))
    }

    fn changed(self) -> Option<(&'a dyn Variables, &'static MapPlan)> {
        match self {
            Self::Variables(variables, plan) if variables.differ(plan.contents) => Some((variables, plan)),
            _ => None,
        }
    }
}
