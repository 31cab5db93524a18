//! From a plan to a loader.

use super::blob::Blob;
use super::code::Code;
use super::context::Context;
use super::making::Making;
use super::{Error, Form, Loader, flags, refuse, sha256};
use crate::plan::Plan;

/// The verifier takes no place of a map's value beyond (`BPF_MAX_VAR_OFF`).
const LARGEST: usize = 1 << 29;
/// What a signature covers lies in a dynptr (`DYNPTR_SIZE_MASK`).
const LARGEST_SIGNED: usize = (1 << 24) - 1;

/// Makes the loader of a plan: for a form of signature, or without.
///
/// # Errors
///
/// What the plan holds that a loader cannot carry out.
pub fn generate(plan: &Plan, form: Option<Form>) -> Result<Loader, Error> {
    refuse::check(plan)?;
    let context = Context::new(plan)?;
    let mut blob = Blob::default();
    // It begins with the words of the programs, which one instruction reaches. That of one that is left out is zero.
    let words = plan.programs.iter().flat_map(|program| {
        let optional = if program.optional { flags::OPTIONAL } else { 0 };
        (if program.autoload { flags::LOAD | optional } else { 0 }).to_le_bytes()
    });
    blob.add(&words.collect::<Vec<u8>>());

    let mut steps = Making::new(plan, &context, blob);
    let maps = steps.all();
    let (mut steps, blob) = steps.into_parts();
    if blob.len() > LARGEST {
        return Err(Error::TooLarge);
    }
    let blob = blob.into_bytes();

    let mut code = Code::default();
    code.begin();
    if form == Some(Form::Hashed) {
        code.compare(&sha256(&blob));
    }
    code.append(&mut steps);
    let instructions = code.finish().ok_or(Error::TooLarge)?;
    if form.is_some() && instructions.len() + blob.len() > LARGEST_SIGNED {
        return Err(Error::TooLarge);
    }
    Ok(Loader {
        instructions,
        blob,
        context_size: context.size() as u32,
        maps_at: context.map(0) as u32,
        programs_at: context.program(0) as u32,
        maps,
    })
}
