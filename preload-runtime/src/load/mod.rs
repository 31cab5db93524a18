//! Carries out the first half of a plan: type information, maps, programs.
//!
//! Each step is tried in the form that new kernels take; an older form is tried only when the kernel refuses that one.
//! Descriptors made before a failure are closed on the way out, so that a failure leaves nothing behind.

#[cfg(feature = "threads")]
mod ahead;
mod bind;
mod btf;
mod config;
mod core_relo;
mod create;
pub(crate) mod defined;
mod descriptors;
mod extension;
mod log;
mod maps;
pub(crate) mod operations;
mod programs;
mod room;
mod slots;

pub(crate) use self::bind::bind_maps;
pub(crate) use self::extension::{FindFunction, find as find_function};
pub(crate) use self::log::{LOG_SIZE, may_have_log, with_log};
pub(crate) use self::maps::Sources;
pub(crate) use self::programs::explain;
pub(crate) use self::room::{Room, Rooms, Space};
use crate::choice::MapChoice;
use crate::error::Error;
use crate::kconfig::OpenKconfig;
use crate::plan::Plan;
use crate::privilege::Privilege;
use crate::skeleton::OpenProgram;
use crate::sys::{Fd, Memory};

/// What is to be loaded: the plan, and what was chosen.
#[derive(Clone, Copy)]
pub(crate) struct Order<'a> {
    pub(crate) plan: &'static Plan,
    pub(crate) maps: &'a [MapChoice<'a>],
    pub(crate) programs: &'a [&'a OpenProgram],
    pub(crate) kconfig: Option<&'a OpenKconfig>,
}

/// Loads everything that is not left out. Room that is dropped after a failure closes what was made until then.
pub(crate) fn load(
    order: &Order<'_>,
    privilege: &mut Privilege<'_>,
    sources: &mut Sources<'_, '_>,
    room: &mut Room<'_>,
) -> Result<(), Error> {
    let Order { plan, maps, programs, kconfig } = *order;
    programs::find_targets(plan, programs, room.targets)?;
    let config = match plan.code.kconfig {
        Some(read) => read(plan, kconfig, programs, privilege)?,
        None => None,
    };
    operations::fit(plan, programs, room.fitted, room.functions)?;
    let symbols = plan.code.symbols.map(|symbols| (symbols.find)(plan, programs)).transpose()?;
    let btf = if plan.btf.is_empty() { None } else { Some(btf::load(plan, privilege)?) };
    let btf = btf.as_ref();
    maps::gather(plan, maps, btf, privilege, sources, room)?;
    config::fill(plan, room.maps, config.as_ref())?;
    for (raw, map) in room.raw.iter_mut().zip(&*room.maps) {
        *raw = map.as_ref().map_or(-1, Fd::raw);
    }
    let with_modules = descriptors::with_modules(room.raw, symbols.as_ref())?;
    let common = programs::Common {
        plan,
        choices: programs,
        btf,
        fd_array: with_modules.as_ref().map_or(&*room.raw, Memory::words),
        symbols: symbols.as_ref(),
        fitted: room.fitted,
        functions: room.functions,
        targets: room.targets,
    };
    programs::load(&common, privilege, room.programs)?;
    bind_maps(plan, room.maps, room.programs)?;
    slots::fill_with_programs(plan, room.maps, room.programs)
}
