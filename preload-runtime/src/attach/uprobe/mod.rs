//! Uprobes: instructions of files, wherever they are executed.

mod arguments;
mod elf;
mod multi;
mod notes;
mod path;
mod usdt;

pub(super) use multi::attach as attach_multi;
pub(super) use usdt::attach as attach_usdt;

use core::ffi::CStr;

use self::elf::Elf;
use super::kprobe::RETPROBE;
use super::perf;
use crate::error::{Call, Error, Step};
use crate::path::CPath;
use crate::sys::perf::Event;
use crate::sys::{Errno, Fd, file};

const PMU: &CStr = c"/sys/bus/event_source/devices/uprobe/type";

/// Where in a file a program is put.
pub(super) struct Place<'a> {
    pub(super) path: &'a str,
    pub(super) symbol: &'a str,
    /// Bytes from the symbol.
    pub(super) offset: u64,
}

pub(super) fn attach(program: &Fd, place: &Place<'_>, retprobe: bool, cookie: u64) -> Result<Fd, Error> {
    perf::link(program, &event(place, retprobe)?, cookie)
}

pub(super) fn event(place: &Place<'_>, retprobe: bool) -> Result<Fd, Error> {
    let (path, file) = open(place.path)?;
    let offset = Elf::read(&file).and_then(|elf| elf.function(place.symbol.as_bytes()));
    let offset = offset.map_err(|problem| problem.into_error(&path))?;
    let event = Event {
        event_type: perf::pmu(PMU)?,
        config: if retprobe { RETPROBE } else { 0 },
        name: Some(path.as_c_str()),
        offset: offset + place.offset,
    };
    perf::open(&event).map_err(|error| {
        let hint = match error.errno() {
            Some(Errno::EINVAL) => {
                Some("the kernel does not allow a probe there: not code, or not an instruction's start")
            }
            _ => None,
        };
        error.with_path(&path).with_hint(hint)
    })
}

/// Finds a file, and opens it.
fn open(name: &str) -> Result<(CPath, Fd), Error> {
    path::find(name)?.ok_or_else(|| {
        let hint =
            "there is no such file; a name without a slash is looked for where programs and libraries are";
        let error = Error::system(Step::Attach, Call::Open, Errno::ENOENT).with_hint(Some(hint));
        match CPath::new(name) {
            Ok(path) => error.with_path(&path),
            Err(_) => error,
        }
    })
}

/// Opens a file by its path, if it is there.
fn open_file(path: &CPath) -> Option<Fd> {
    file::open(path.as_c_str()).ok()
}
