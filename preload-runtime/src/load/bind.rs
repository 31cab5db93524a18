//! Constants that no program refers to: bound to the programs, which keeps them as long as any of those is there.

use crate::error::{Call, Error, Step};
use crate::plan::Plan;
use crate::sys::{Fd, bpf};

/// Binds to each program the maps that it does not hold by itself. `bpftool prog` shows what it finds there about the program,
/// as with libbpf.
pub(crate) fn bind_maps(
    plan: &'static Plan,
    maps: &[Option<Fd>],
    programs: &[Option<Fd>],
) -> Result<(), Error> {
    for (plan, program) in plan.programs.iter().zip(programs) {
        let Some(program) = program else { continue };
        for map in plan.bound_maps.iter().filter_map(|&map| maps.get(map)?.as_ref()) {
            bpf::prog_bind_map(program, map).map_err(|errno| {
                Error::system(Step::LoadProgram, Call::ProgBindMap, errno).with_item(plan.name)
            })?;
        }
    }
    Ok(())
}
