//! What was chosen before load, as generated code hands it over.

use crate::data::Contents;
use crate::plan::MapPlan;
use crate::skeleton::OpenMap;
use crate::sys::{Errno, Memory};

/// What was chosen for a map.
#[derive(Clone, Copy)]
pub enum MapChoice<'a> {
    /// Its size, and where it comes from.
    Map(&'a OpenMap),
    /// The values of a data section's variables.
    Variables(&'a dyn Contents),
    /// Nothing: a data section without variables that anyone could name.
    Nothing,
}

impl<'a> MapChoice<'a> {
    /// What may be chosen for a map that is no data section.
    pub(crate) fn open(self) -> Option<&'a OpenMap> {
        match self {
            Self::Map(open) => Some(open),
            Self::Variables(_) | Self::Nothing => None,
        }
    }

    /// The number of entries.
    pub(crate) fn max_entries(self, plan: &MapPlan) -> u32 {
        self.open().map_or(plan.max_entries, OpenMap::max_entries)
    }

    /// What a data section holds, where that is not what the plan says.
    pub(crate) fn contents(self, plan: &MapPlan) -> Result<Option<Memory>, Errno> {
        let Self::Variables(variables) = self else { return Ok(None) };
        if !variables.differ(plan.contents) {
            return Ok(None);
        }
        let mut memory = Memory::zeroed(plan.value_size as usize)?;
        for (byte, known) in memory.bytes_mut().iter_mut().zip(plan.contents) {
            *byte = *known;
        }
        variables.write(memory.bytes_mut());
        Ok(Some(memory))
    }

    /// Tells one choice for the map of that number from another; that of the plan changes nothing.
    pub(crate) fn digest(self, plan: &MapPlan, number: u64, digest: u64) -> u64 {
        match self {
            Self::Variables(variables) if variables.differ(plan.contents) => {
                variables.digest(digest ^ number)
            }
            _ => digest,
        }
    }
}
