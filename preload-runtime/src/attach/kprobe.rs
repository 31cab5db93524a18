//! Kprobes: any instruction of the kernel, by function and offset.

use core::ffi::CStr;

use super::perf;
use crate::error::{Error, ErrorKind, Step};
use crate::path::CPath;
use crate::sys::perf::Event;
use crate::sys::{Errno, Fd};

const PMU: &CStr = c"/sys/bus/event_source/devices/kprobe/type";
/// The bit of an event's configuration that says "when the function returns"; the PMU's `format/retprobe` has always said so.
pub(super) const RETPROBE: u64 = 1;

/// What the functions of system calls are called: since 4.17 by machine, before that (on riscv64 before 6.6) in the same way
/// everywhere.
const SYSCALLS: [&str; 2] = [
    if cfg!(target_arch = "x86_64") {
        "__x64_sys_"
    } else if cfg!(target_arch = "aarch64") {
        "__arm64_sys_"
    } else {
        "__riscv_sys_"
    },
    "__se_sys_",
];

pub(super) fn attach(
    program: &Fd,
    function: &CStr,
    offset: u64,
    retprobe: bool,
    cookie: u64,
) -> Result<Fd, Error> {
    perf::link(program, &event(function, offset, retprobe)?, cookie)
}

pub(super) fn event(function: &CStr, offset: u64, retprobe: bool) -> Result<Fd, Error> {
    let config = if retprobe { RETPROBE } else { 0 };
    let event = Event { event_type: perf::pmu(PMU)?, config, name: Some(function), offset };
    perf::open(&event).map_err(|error| {
        let hint = match error.errno() {
            Some(Errno::ENOENT) => {
                Some("this kernel has no function of that name, or its module is not loaded")
            }
            Some(Errno::EADDRNOTAVAIL) => Some("this kernel has several functions of that name"),
            Some(Errno::EILSEQ) => Some("the offset is not the start of an instruction"),
            Some(Errno::EINVAL) => Some("this kernel does not allow a probe there"),
            _ => None,
        };
        error.with_hint(hint)
    })
}

pub(super) fn attach_syscall(program: &Fd, name: &str, retprobe: bool, cookie: u64) -> Result<Fd, Error> {
    perf::link(program, &syscall_event(name, retprobe)?, cookie)
}

pub(super) fn syscall_event(name: &str, retprobe: bool) -> Result<Fd, Error> {
    let event_as = |prefix: &str| {
        let mut function = CPath::new(prefix).map_err(|kind: ErrorKind| Error::new(Step::Attach, kind))?;
        function.push(name.as_bytes()).map_err(|kind| Error::new(Step::Attach, kind))?;
        event(function.as_c_str(), 0, retprobe)
    };
    let [by_machine, common] = SYSCALLS;
    event_as(by_machine).or_else(|error| match error.errno() {
        Some(Errno::ENOENT) => {
            event_as(common).map_err(|_| error.with_hint(Some("this kernel has no such system call")))
        }
        _ => Err(error),
    })
}
