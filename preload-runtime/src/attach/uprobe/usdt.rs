//! USDT: places in a file that its author has marked, with where to find the arguments at each.
//!
//! What a program asks of `bpf/usdt.bpf.h` is looked up in a map that this fills: a specification for each place, whose number the
//! program gets as its cookie.

use core::ffi::CStr;

use super::arguments::{self, SIZE};
use super::elf::{Elf, Problem};
use super::notes::{self, Note};
use super::{multi, open};
use crate::attach::by::Attaching;
use crate::attach::perf;
use crate::error::{Call, Error, Step};
use crate::handles::Map;
use crate::path::CPath;
use crate::sys::multi::{Places, link_create_uprobe_multi};
use crate::sys::perf::Event;
use crate::sys::words::Words;
use crate::sys::{Errno, Fd, bpf};

/// The map of `bpf/usdt.bpf.h`, an array with the number of a specification as the index.
const SPECIFICATIONS: &str = "__bpf_usdt_specs";

/// The places of a probe.
struct Probe {
    offsets: Words,
    semaphores: Words,
    cookies: Words,
}

pub(in crate::attach) fn attach(
    with: &Attaching<'_>,
    (path, provider, name): (&str, &str, &str),
) -> Result<Fd, Error> {
    let (path, file) = open(path)?;
    let refused = |problem: Problem| problem.into_error(&path);
    let failed = |errno| Error::system(Step::Attach, Call::MapUpdateElem, errno);
    let elf = Elf::read(&file).map_err(refused)?;
    let (specifications, mut numbers) = numbers(with)?;
    let mut probe = Probe {
        offsets: Words::with_capacity(numbers.len()).map_err(failed)?,
        semaphores: Words::with_capacity(numbers.len()).map_err(failed)?,
        cookies: Words::with_capacity(numbers.len()).map_err(failed)?,
    };
    let mut full = false;
    let mut unreadable = false;
    notes::each(&elf, &mut |note: &Note<'_>| {
        if note.provider != provider.as_bytes() || note.name != name.as_bytes() {
            return Ok(());
        }
        let Some(number) = numbers.next() else {
            full = true;
            return Ok(());
        };
        let Some(specification) = arguments::specification(note.arguments, with.cookie) else {
            unreadable = true;
            return Ok(());
        };
        if let Some(map) = specifications {
            bpf::map_put(map.fd(), number, &specification)?;
        }
        probe.offsets.push(note.offset)?;
        probe.semaphores.push(note.semaphore)?;
        Ok(probe.cookies.push(number.into())?)
    })
    .map_err(refused)?;
    let (errno, hint) = if full {
        (
            Errno::ENOSPC,
            "there is no room for so many places: define BPF_USDT_MAX_SPEC_CNT larger in the BPF source",
        )
    } else if unreadable {
        (Errno::EOPNOTSUPP, "an argument of the probe is somewhere that `bpf/usdt.bpf.h` cannot look")
    } else if probe.offsets.as_slice().is_empty() {
        (Errno::ENOENT, "the file has no such probe: see `readelf -n`")
    } else {
        return link(with, &path, &probe).map_err(|error| error.with_path(&path));
    };
    Err(Error::system(Step::Attach, Call::Read, errno).with_path(&path).with_hint(Some(hint)))
}

/// The map of specifications, if the object has it, and the numbers in it that are this program's: an equal share of all
/// for each program of the object with such a target.
fn numbers<'a>(with: &Attaching<'a>) -> Result<(Option<&'a Map>, core::ops::Range<u32>), Error> {
    let plan = with.skeleton.plan();
    let probes = || plan.programs.iter().filter(|program| program.section.starts_with("usdt"));
    let place = probes().position(|program| core::ptr::eq(program, with.plan)).unwrap_or_default();
    let map = plan.maps.iter().position(|map| map.name == SPECIFICATIONS);
    let map = map.and_then(|index| with.skeleton.map_at(index));
    let failed = |errno| Error::system(Step::Attach, Call::ObjGetInfoByFd, errno);
    let entries = match map {
        Some(map) => {
            let info = bpf::map_info(map.fd()).map_err(failed)?;
            if info.value_size as usize != SIZE {
                return Err(failed(Errno::EINVAL)
                    .with_hint(Some("the object was built with a `bpf/usdt.bpf.h` that is not known here")));
            }
            info.max_entries
        }
        // The program asks for no arguments: it needs no specification.
        None => u32::from(u16::MAX),
    };
    let share = entries / probes().count().max(1) as u32;
    let first = share * place as u32;
    Ok((map, first..first + share))
}

/// One link for all places (6.6); older kernels have links of one place.
fn link(with: &Attaching<'_>, path: &CPath, probe: &Probe) -> Result<Fd, Error> {
    let semaphores = probe.semaphores.as_slice();
    let places = Places {
        path: path.as_c_str(),
        offsets: probe.offsets.as_slice(),
        semaphores: semaphores.iter().any(|&semaphore| semaphore != 0).then_some(semaphores),
    };
    let cookies = probe.cookies.as_slice();
    match link_create_uprobe_multi(with.fd, with.plan.attach_type, false, &places, Some(cookies)) {
        Ok(link) => Ok(link),
        Err(errno @ (Errno::EINVAL | Errno::E2BIG)) => match (places.offsets, cookies) {
            (&[offset], &[cookie]) => {
                one(with.fd, path.as_c_str(), offset, semaphores.first().copied(), cookie)
            }
            _ => Err(Error::system(Step::Attach, Call::LinkCreate, errno).with_hint(Some(
                "the probe is at several places of the file, for which there are links since Linux 6.6",
            ))),
        },
        Err(errno) => Err(multi::refused(errno)),
    }
}

fn one(program: &Fd, path: &CStr, offset: u64, semaphore: Option<u64>, cookie: u64) -> Result<Fd, Error> {
    let event = Event {
        event_type: perf::pmu(super::PMU)?,
        // `ref_ctr_offset` is the upper half of the configuration.
        config: semaphore.unwrap_or_default() << 32,
        name: Some(path),
        offset,
    };
    perf::link(program, &perf::open(&event)?, cookie)
}
