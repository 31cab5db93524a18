//! Extensions: what they are loaded against is a function of another program, which has type information of its own.

use crate::error::{Call, Error, ErrorKind, Step};
use crate::kernel_btf::{Wanted, function_of};
use crate::path::CPath;
use crate::plan::{Attach, Place, ProgramPlan};
use crate::skeleton::OpenProgram;
use crate::sys::{Errno, Fd, bpf, link};

/// Finds the function that an extension replaces; what is found has the number 0 when the program has no such function.
pub(crate) type FindFunction = fn(&'static ProgramPlan, &OpenProgram) -> Result<Wanted, Error>;

/// Nothing in `Wanted` is of the kernel here: its descriptor is that of the program.
pub(crate) fn find(plan: &'static ProgramPlan, open: &OpenProgram) -> Result<Wanted, Error> {
    let failed = |call, errno| Error::system(Step::FindTarget, call, errno);
    let program = match (open.extended(), plan.attach.as_ref().map(|attachment| attachment.to)) {
        (Some(given), _) => given.map_err(|errno| failed(Call::Fcntl, errno))?,
        (None, Some(Attach::To(Place::Extension { program }))) => {
            let path = CPath::new(program).map_err(|kind| Error::new(Step::FindTarget, kind))?;
            let pinned = bpf::obj_get(None, path.as_c_str());
            pinned.map_err(|errno| failed(Call::ObjGet, errno).with_path(&path))?
        }
        (None, _) => return Err(Error::new(Step::FindTarget, ErrorKind::NothingExtended)),
    };
    let program = of_link(program).map_err(|errno| failed(Call::ObjGetInfoByFd, errno))?;
    let name = plan.btf_target.as_ref().map_or("", |target| target.name);
    let id = function_of(&program, name).map_err(|error| error.at_step(Step::FindTarget))?;
    Ok(Wanted { target: plan.btf_target.as_ref(), id: id.unwrap_or(0), module: Some(program) })
}

/// The program of a link, where it is a link that was given.
fn of_link(object: Fd) -> Result<Fd, Errno> {
    if !link::is_link(&object) {
        return Ok(object);
    }
    link::program_by_id(link::head(&object)?.program_id)
}
