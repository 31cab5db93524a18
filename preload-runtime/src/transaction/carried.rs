//! Maps that a new set takes over from the old one.

use crate::directory::Directory;
use crate::error::Error;
use crate::plan::MapPlan;
use crate::properties::MapProperties;
use crate::sys::Fd;

/// Maps of the old set that the new one takes over.
pub(crate) struct Carried<'a> {
    pub(super) from: Option<&'a Directory>,
}

impl Carried<'_> {
    pub(crate) const NOTHING: Self = Self { from: None };

    /// The map to be used in the place of a new one; none when one is to be made.
    pub(crate) fn map(
        &self,
        plan: &'static MapPlan,
        wanted: impl FnOnce() -> Result<MapProperties, Error>,
    ) -> Result<Option<Fd>, Error> {
        let (Some(from), Some(pin)) = (self.from, plan.pin) else { return Ok(None) };
        if plan.holds_programs() {
            // They are code of the object, and those of the old set go on with the old ones until they are gone.
            return Ok(None);
        }
        wanted()?.find(from, plan.name, pin)
    }
}
