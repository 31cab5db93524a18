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
    let places = multi::Places { path: path.as_c_str(), offsets: offsets.as_slice(), semaphores: None };
    link(plan, program, &places, probe == Probe::Return, cookie).map_err(|error| error.with_path(&path))
}

/// One link for all places of a file (6.6).
pub(super) fn link(
    plan: &'static ProgramPlan,
    program: &Fd,
    places: &multi::Places<'_>,
    retprobe: bool,
    cookie: u64,
) -> Result<Fd, Error> {
    let failed = |errno| Error::system(Step::Attach, Call::LinkCreate, errno);
    let cookies = match cookie {
        0 => None,
        cookie => Some(Words::repeated(cookie, places.offsets.len()).map_err(failed)?),
    };
    let cookies = cookies.as_ref().map(Words::as_slice);
    multi::link_create_uprobe_multi(program, plan.attach_type, retprobe, places, cookies).map_err(|errno| {
        let hint = match errno {
            Errno::EINVAL | Errno::E2BIG => Some(
                "the kernel does not allow a probe at one of these places, or has no links of many places: they are there \
                 since Linux 6.6, those of sessions since 6.13",
            ),
            Errno::EOPNOTSUPP => Some("this kernel was built without CONFIG_UPROBES"),
            _ => None,
        };
        failed(errno).with_hint(hint)
    })
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
