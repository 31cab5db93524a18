//! What has to be known before a loader runs, or done beside it: one rule, one function.

use super::Error;
use crate::plan::{MapPlan, Plan, ProgramPlan};

/// `BPF_MAP_TYPE_ARENA`.
const ARENA: u32 = 33;

/// The first thing that keeps a plan from being carried out in the kernel.
pub(super) fn check(plan: &Plan) -> Result<(), Error> {
    if plan.has_config() {
        return Err(Error::Config);
    }
    plan.maps.iter().try_for_each(map)?;
    plan.programs.iter().try_for_each(extension)?;
    plan.programs.iter().try_for_each(target)?;
    symbols(plan)
}

fn map(plan: &MapPlan) -> Result<(), Error> {
    let name = || plan.map.name.clone();
    if plan.map.struct_ops.is_some() {
        Err(Error::Operations(name()))
    } else if plan.map.map_type == ARENA {
        Err(Error::Arena(name()))
    } else if plan.map.pinned_by_name {
        Err(Error::PinnedByName(name()))
    } else {
        Ok(())
    }
}

/// The kernel has no other program at hand.
fn extension(plan: &ProgramPlan) -> Result<(), Error> {
    if plan.is_extension() { Err(Error::Extension(plan.name.clone())) } else { Ok(()) }
}

/// The kernel is asked for a name and tells whether it found it in itself or in a module, but not in which.
fn target(plan: &ProgramPlan) -> Result<(), Error> {
    let module = plan.btf_target.as_ref().and_then(|target| target.module.as_deref());
    match module.filter(|&module| module != super::KERNEL) {
        Some(module) => Err(Error::Module { program: plan.name.clone(), module: module.to_owned() }),
        None => Ok(()),
    }
}

/// The kernel finds a function by its name, whatever its type.
fn symbols(plan: &Plan) -> Result<(), Error> {
    for (index, symbol) in plan.symbols.iter().enumerate() {
        if plan.symbols[..index].iter().any(|other| other.kernel_name == symbol.kernel_name) {
            return Err(Error::Variants(symbol.kernel_name.clone()));
        }
    }
    Ok(())
}
