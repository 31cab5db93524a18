//! One run of a loader.

use super::context::Context;
use super::failure;
use crate::error::{Call, Error, Step};
use crate::load::LOG_SIZE;
use crate::plan::{Loader, Plan};
use crate::sys::{Errno, Fd, Memory, Occupied};

/// Times to try again on `EAGAIN`, which the verifier returns when a signal arrives, inside the kernel too. More than for one
/// program: whichever it was, all of them are loaded again.
const TRIES: usize = 32;

/// Runs a loader; after a failure once more, with room for what the kernel has to say of what it refuses.
pub(super) fn run(
    plan: &'static Plan,
    loader: &'static Loader,
    program: &Fd,
    cpus: u32,
) -> Result<Context, Error> {
    let failed = |call| move |errno| Error::system(Step::RunLoader, call, errno);
    // A loader takes 0 for no descriptor.
    let _occupied = Occupied::with(program).map_err(failed(Call::Fcntl))?;
    let mut tries = TRIES;
    let error = loop {
        tries -= 1;
        let mut context = Context::new(loader.context_size as usize, cpus).map_err(failed(Call::Mmap))?;
        let result = context.run(program, None).map_err(failed(Call::ProgRun))?;
        let Some(errno) = failure::errno(result) else { return Ok(context) };
        if errno != Errno::EAGAIN || tries == 0 {
            break failure::describe(plan, context.step(), errno);
        }
    };
    if !failure::has_log(&error) {
        return Err(error);
    }
    let Ok(mut log) = Memory::zeroed(LOG_SIZE) else { return Err(error) };
    let mut context = Context::new(loader.context_size as usize, cpus).map_err(failed(Call::Mmap))?;
    let result = context.run(program, Some(log.bytes_mut())).map_err(failed(Call::ProgRun))?;
    // What has failed need not fail twice.
    match failure::errno(result) {
        None => Ok(context),
        Some(_) => Err(failure::explain(plan, error.with_log(log))),
    }
}
