//! The map of the values of the kernel's configuration, which are known only on the machine.

use crate::error::{Call, Error, Step};
use crate::plan::Plan;
use crate::sys::{Fd, Memory, bpf};

/// Puts the values into their map, then freezes it: the verifier takes them as known, and leaves out the code that they
/// switch off.
pub(super) fn fill(plan: &'static Plan, maps: &[Option<Fd>], values: Option<&Memory>) -> Result<(), Error> {
    let map = plan.maps.iter().zip(maps).find(|(map, _)| !map.config.is_empty());
    let (Some((map, Some(fd))), Some(values)) = (map, values) else { return Ok(()) };
    let contents = values.bytes().get(..map.value_size as usize).unwrap_or_default();
    let fill = bpf::map_fill(fd, map, contents);
    fill.map_err(|errno| Error::system(Step::FillMap, Call::MapUpdateElem, errno))
        .and_then(|()| {
            bpf::map_freeze(fd).map_err(|errno| Error::system(Step::FreezeMap, Call::MapFreeze, errno))
        })
        .map_err(|error| error.with_item(map.name))
}
