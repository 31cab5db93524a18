//! Many functions of the kernel with one link, as `fentry` has one: a trampoline, and not a breakpoint.

use core::ffi::CStr;

use super::{pattern, traceable};
use crate::btf::{Graph, Type, kind};
use crate::error::{Call, Error, ErrorKind, Step};
use crate::kernel_btf;
use crate::plan::ProgramPlan;
use crate::sys::words::Words;
use crate::sys::{Errno, Fd, multi};

/// The most arguments that a trampoline passes on: `MAX_BPF_FUNC_ARGS`.
const MOST_ARGUMENTS: u32 = 12;
/// The largest of them, in bytes: a struct in two registers.
const LARGEST_ARGUMENT: u32 = 16;

pub(super) fn attach(
    plan: &'static ProgramPlan,
    program: &Fd,
    functions: &CStr,
    cookie: u64,
) -> Result<Fd, Error> {
    let failed = |errno| Error::system(Step::Attach, Call::LinkCreate, errno);
    let types = if pattern::is_pattern(functions.to_bytes()) {
        let names = traceable::names(functions.to_bytes());
        let names = names.map_err(|errno| Error::system(Step::Attach, Call::Open, errno))?;
        types(&|name| names.contains_unique(name))?
    } else {
        types(&|name| name == functions)?
    };
    let found = traceable::some(types.as_slice())?;
    let cookies = Words::cookies(cookie, found.len()).map_err(failed)?;
    let cookies = cookies.as_ref().map(Words::as_slice);
    multi::link_create_tracing_multi(program, plan.attach_type, found, cookies)
        .map_err(|errno| failed(errno).with_hint(hint(errno)))
}

fn hint(errno: Errno) -> Option<&'static str> {
    match errno {
        Errno::EINVAL => Some(
            "one of these functions cannot have such a program: it does not return, or may not be traced, or may not sleep; or \
             this kernel has no links of many functions for them: they are there since Linux 7.2",
        ),
        _ => None,
    }
}

/// The numbers of the types of all functions with such a name that a trampoline can be made for.
fn types(is_wanted: &dyn Fn(&CStr) -> bool) -> Result<Words<u32>, Error> {
    let unknown = || Error::new(Step::FindTarget, ErrorKind::UnknownKernelBtf);
    let no_memory = |errno| Error::system(Step::FindTarget, Call::Mmap, errno);
    kernel_btf::read(|bytes| {
        let numbered = kernel_btf::numbered(bytes, Step::FindTarget)?;
        let kernel = Graph::new(&numbered);
        let mut types = Words::with_capacity(traceable::FUNCTIONS).map_err(no_memory)?;
        let mut pushed = Ok(());
        let walked = kernel.walk(&mut |id, ty| {
            let is_function = ty.kind == kind::FUNC;
            let name = || CStr::from_bytes_until_nul(kernel.string(ty.name)).ok();
            if is_function && name().is_some_and(is_wanted) && fits_a_trampoline(kernel, ty) {
                pushed = types.push(id);
            }
            pushed.is_ok()
        });
        pushed.map_err(no_memory)?;
        walked.map(|()| types).ok_or_else(unknown)
    })?
}

/// Whether a trampoline can pass on what a function takes and returns: for one that does not fit, the kernel refuses all of a pattern
/// (`btf_distill_func_proto`).
fn fits_a_trampoline(kernel: Graph<'_>, function: Type) -> bool {
    let id = function.size_or_type;
    let Some(prototype) = kernel.get(id).filter(|ty| ty.kind == kind::FUNC_PROTO) else { return false };
    let mut parameters = (0..prototype.count).map(|number| kernel.parameter(id, prototype, number));
    let is_passed = |parameter: Option<u32>| {
        // The last one of functions with more arguments than they declare is `void`.
        let size = parameter.filter(|&id| id != 0).and_then(|id| kernel.size_of(id));
        size.is_some_and(|size| (1..=LARGEST_ARGUMENT).contains(&size))
    };
    let is_returned = match kernel.resolve(prototype.size_or_type) {
        Some((_, ty)) if ty.kind == kind::VOID => true,
        Some((id, ty)) => {
            !matches!(ty.kind, kind::STRUCT | kind::UNION) && kernel.size_of(id).is_some_and(|size| size <= 8)
        }
        None => false,
    };
    prototype.count <= MOST_ARGUMENTS && parameters.all(is_passed) && is_returned
}
