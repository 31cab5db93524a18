//! Tracepoints, by the number that tracefs gives them.

use super::{perf, tracefs};
use crate::error::{Call, Error, ErrorKind, Step};
use crate::path::CPath;
use crate::sys::perf::{Event, TRACEPOINT};
use crate::sys::{Errno, Fd};

pub(super) fn attach(program: &Fd, category: &str, name: &str, cookie: u64) -> Result<Fd, Error> {
    perf::link(program, &event(category, name)?, cookie)
}

pub(super) fn event(category: &str, name: &str) -> Result<Fd, Error> {
    let id = id(category, name)?;
    perf::open(&Event { event_type: TRACEPOINT, config: id.into(), ..Event::default() })
}

fn id(category: &str, name: &str) -> Result<u32, Error> {
    let invalid = |kind: ErrorKind| Error::new(Step::Attach, kind);
    let mut path = CPath::new("events").map_err(invalid)?;
    for part in [category, name, "id"] {
        path = path.join(part.as_bytes()).map_err(invalid)?;
    }
    tracefs::read_number(path.as_c_str()).map_err(|errno| {
        let hint = (errno == Errno::ENOENT)
            .then_some("this kernel has no tracepoint of that name, or its module is not loaded");
        Error::system(Step::Attach, Call::Open, errno).with_hint(hint)
    })
}
