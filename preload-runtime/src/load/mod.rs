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
mod descriptors;
mod extension;
mod log;
mod maps;
mod operations;
mod programs;
mod slots;

pub(crate) use self::extension::{FindFunction, find as find_function};
pub(crate) use self::maps::Sources;
use crate::choice::MapChoice;
use crate::error::Error;
use crate::kconfig::OpenKconfig;
use crate::plan::Plan;
use crate::privilege::Privilege;
use crate::skeleton::OpenProgram;
use crate::sys::{Fd, Memory};

/// The descriptors of a loaded object, by index in its plan.
pub(crate) struct Loaded<const MAPS: usize, const PROGRAMS: usize> {
    pub(crate) maps: [Option<Fd>; MAPS],
    pub(crate) programs: [Option<Fd>; PROGRAMS],
}

/// Loads everything that is not left out.
pub(crate) fn load<const MAPS: usize, const PROGRAMS: usize>(
    plan: &'static Plan,
    maps: [MapChoice<'_>; MAPS],
    programs: [&OpenProgram; PROGRAMS],
    kconfig: Option<&OpenKconfig>,
    privilege: &mut Privilege<'_>,
    sources: &mut Sources<'_, MAPS>,
) -> Result<Loaded<MAPS, PROGRAMS>, Error> {
    let targets = programs::find_targets(plan, &programs)?;
    let config = match plan.code.kconfig {
        Some(read) => read(plan, kconfig, &programs, privilege)?,
        None => None,
    };
    let (mut fitted, mut functions) = ([const { None }; MAPS], [None; PROGRAMS]);
    operations::fit(plan, &programs, &mut fitted, &mut functions)?;
    let symbols = plan.code.symbols.map(|symbols| (symbols.find)(plan, &programs)).transpose()?;
    let btf = if plan.btf.is_empty() { None } else { Some(btf::load(plan, privilege)?) };
    let btf = btf.as_ref();
    let maps = maps::gather(plan, maps, &fitted, btf, privilege, sources)?;
    config::fill(plan, &maps, config.as_ref())?;
    let of_maps = maps.each_ref().map(|map| map.as_ref().map_or(-1, Fd::raw));
    let with_modules = descriptors::with_modules(&of_maps, symbols.as_ref())?;
    let fd_array = with_modules.as_ref().map_or(of_maps.as_slice(), Memory::words);
    let common = programs::Common {
        plan,
        btf,
        fd_array,
        symbols: symbols.as_ref(),
        fitted: &fitted,
        functions: &functions,
    };
    let programs = programs::load(&common, programs, targets, privilege)?;
    bind::bind_maps(plan, &maps, &programs)?;
    slots::fill_with_programs(plan, &maps, &programs)?;
    Ok(Loaded { maps, programs })
}
