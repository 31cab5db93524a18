//! Many functions of a file with one link.

use super::elf::{Elf, Problem};
use super::open;
use crate::attach::pattern;
use crate::error::{Call, Error, Step};
use crate::plan::{Probe, ProgramPlan};
use crate::sys::words::Words;
use crate::sys::{Errno, Fd, multi};

/// More functions than a file may have.
const FUNCTIONS: usize = 1 << 20;

pub(in crate::attach) fn attach(
    plan: &'static ProgramPlan,
    program: &Fd,
    (path, functions): (&str, &str),
    probe: Probe,
    cookie: u64,
) -> Result<Fd, Error> {
    let (path, file) = open(path)?;
    let offsets = Elf::read(&file).and_then(|elf| offsets(&elf, functions.as_bytes()));
    let offsets = offsets.map_err(|problem| problem.into_error(&path))?;
    let offsets = offsets.as_slice();
    let places = multi::Places { path: path.as_c_str(), offsets, semaphores: None };
    let cookies = Words::cookies(cookie, offsets.len()).map_err(refused)?;
    let cookies = cookies.as_ref().map(Words::as_slice);
    let retprobe = probe == Probe::Return;
    multi::link_create_uprobe_multi(program, plan.attach_type, retprobe, &places, cookies)
        .map_err(|errno| refused(errno).with_path(&path))
}

/// Why there is no link of many places.
pub(super) fn refused(errno: Errno) -> Error {
    let hint = match errno {
        Errno::EINVAL | Errno::E2BIG => Some(
            "the kernel does not allow a probe at one of these places, or has no links of many places: they are there \
             since Linux 6.6, those of sessions since 6.13",
        ),
        Errno::EOPNOTSUPP => Some("this kernel was built without CONFIG_UPROBES"),
        _ => None,
    };
    Error::system(Step::Attach, Call::LinkCreate, errno).with_hint(hint)
}

/// The offsets of a function, or of all whose names are of a pattern.
fn offsets(elf: &Elf<'_>, wanted: &[u8]) -> Result<Words, Problem> {
    if !pattern::is_pattern(wanted) {
        return Ok(Words::repeated(elf.function(wanted)?, 1)?);
    }
    let mut offsets = Words::with_capacity(FUNCTIONS)?;
    elf.each_function(&mut |function| {
        if pattern::matches(wanted, function.name) {
            offsets.push(function.offset)?;
        }
        Ok(())
    })?;
    // Functions with several names are there once.
    offsets.sort_and_dedup();
    if offsets.as_slice().is_empty() { Err(Problem::NotFound) } else { Ok(offsets) }
}
