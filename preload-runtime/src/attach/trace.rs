//! Programs that the kernel calls from its own code: iterators, raw tracepoints, and functions and hooks that a program was
//! loaded against.

use core::ffi::CStr;

use crate::error::{Call, Error, Step};
use crate::plan::ProgramPlan;
use crate::sys::{Errno, Fd, bpf};

pub(super) fn iterator(plan: &'static ProgramPlan, program: &Fd) -> Result<Fd, Error> {
    bpf::link_create(program, plan.attach_type)
        .map_err(|errno| Error::system(Step::Attach, Call::LinkCreate, errno))
}

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

pub(super) fn trace(plan: &'static ProgramPlan, program: &Fd, cookie: u64) -> Result<Fd, Error> {
    // The call that every kernel knows, unless there is something that only the other one can say.
    let (call, link) = if cookie == 0 {
        (Call::RawTracepointOpen, bpf::raw_tracepoint_open(program, None, 0))
    } else {
        (Call::LinkCreate, bpf::link_create_tracing(program, plan.attach_type, cookie))
    };
    link.map_err(|errno| {
        let hint = match errno {
            Errno::EBUSY => Some("another program holds that target"),
            Errno::E2BIG | Errno::EINVAL if cookie != 0 => {
                Some("functions and hooks have cookies since Linux 5.19")
            }
            _ => None,
        };
        Error::system(Step::Attach, call, errno).with_hint(hint)
    })
}
