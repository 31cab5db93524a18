//! Programs that the kernel calls from its own code: raw tracepoints, and functions and hooks that a program was
//! loaded against.

use core::ffi::CStr;

use crate::error::{Call, Error, Step};
use crate::kernel_btf::function_of;
use crate::plan::ProgramPlan;
use crate::sys::{Errno, Fd, bpf};

pub(super) fn raw_tracepoint(program: &Fd, name: &CStr, cookie: u64) -> Result<Fd, Error> {
    bpf::raw_tracepoint_open(program, Some(name), cookie).map_err(|errno| {
        let hint = match errno {
            Errno::ENOENT => Some("this kernel has no tracepoint of that name, or its module is not loaded"),
            Errno::E2BIG if cookie != 0 => Some("raw tracepoints have cookies since Linux 6.10"),
            _ => None,
        };
        Error::system(Step::Attach, Call::RawTracepointOpen, errno).with_hint(hint)
    })
}

pub(crate) fn trace(plan: &'static ProgramPlan, program: &Fd, cookie: u64) -> Result<Fd, Error> {
    // The call that every kernel knows, unless there is something that only the other one can say.
    let (call, link) = if cookie == 0 {
        (Call::RawTracepointOpen, bpf::raw_tracepoint_open(program, None, 0))
    } else {
        (Call::LinkCreate, bpf::link_create_tracing(program, plan.attach_type, cookie))
    };
    link.map_err(|errno| {
        let hint = match errno {
            Errno::EBUSY if plan.is_extension() => Some("another program holds that target"),
            // There is no place for a call at its start, or something that the kernel does not know is there.
            Errno::EBUSY => Some("this function cannot be traced: it is `notrace`, or something else has changed its code"),
            Errno::EINVAL if plan.is_extension() => Some(
                "an extension that was attached before is attached again with `attach_extension_to`, or is loaded again",
            ),
            Errno::E2BIG | Errno::EINVAL if cookie != 0 => {
                Some("functions and hooks have cookies since Linux 5.19")
            }
            _ => None,
        };
        Error::system(Step::Attach, call, errno).with_hint(hint)
    })
}

/// In the place of a function of a program, which may be another one than that which the extension was loaded against (5.10).
pub(crate) fn extension(extension: &Fd, program: &Fd, function: &str) -> Result<Fd, Error> {
    let id = function_of(program, function)?.ok_or_else(|| {
        Error::system(Step::Attach, Call::LinkCreate, Errno::ENOENT)
            .with_hint(Some("that program has no function of this name"))
    })?;
    bpf::link_create_extension(extension, program, id).map_err(|errno| {
        let hint = match errno {
            Errno::EBUSY => Some("another program holds that target"),
            Errno::EINVAL => Some(
                "the function has other arguments than the one that the extension was loaded against, or Linux is older than 5.10",
            ),
            _ => None,
        };
        Error::system(Step::Attach, Call::LinkCreate, errno).with_hint(hint)
    })
}
