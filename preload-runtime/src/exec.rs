//! Carries out a plan: type information, maps, programs, then links.
//!
//! Descriptors made before a failure are closed on the way out, so that a failure leaves nothing behind.

use crate::error::{Call, Error, ErrorKind, Step};
use crate::handles::Link;
use crate::kernel_btf::{self, Wanted};
use crate::plan::{Attach, MapPlan, Plan, ProgramPlan};
use crate::skeleton::{OpenMap, OpenProgram, Skeleton, Unattached};
use crate::sys::bpf::{self, ProgramContext};
use crate::sys::{Errno, Fd, Memory};

/// Room for what the verifier has to say; pages it does not write cost nothing.
const LOG_SIZE: usize = 16 << 20;

/// The descriptors of a loaded object, by index in its plan.
pub(crate) struct Loaded<const MAPS: usize, const PROGRAMS: usize> {
    pub(crate) maps: [Option<Fd>; MAPS],
    pub(crate) programs: [Option<Fd>; PROGRAMS],
}

/// Loads everything that is not left out.
pub(crate) fn load<const MAPS: usize, const PROGRAMS: usize>(
    plan: &'static Plan,
    maps: [Option<&OpenMap>; MAPS],
    programs: [&OpenProgram; PROGRAMS],
) -> Result<Loaded<MAPS, PROGRAMS>, Error> {
    let mut loaded = Loaded { maps: [const { None }; MAPS], programs: [const { None }; PROGRAMS] };
    let mut targets = [Wanted { target: None, id: 0 }; PROGRAMS];
    find_targets(plan, &programs, &mut targets)?;

    let btf = if plan.btf.is_empty() { None } else { Some(load_btf(plan)?) };
    let mut fd_array = [-1; MAPS];
    for (((map, open), slot), raw) in plan.maps.iter().zip(maps).zip(&mut loaded.maps).zip(&mut fd_array) {
        let max_entries = open.map_or(map.max_entries, OpenMap::max_entries);
        let fd = create_map(map, max_entries, btf.as_ref()).map_err(|error| error.with_item(map.name))?;
        *raw = fd.raw();
        *slot = Some(fd);
    }
    for (((program, open), slot), target) in
        plan.programs.iter().zip(programs).zip(&mut loaded.programs).zip(targets)
    {
        if open.autoload() {
            let context = ProgramContext {
                license: plan.license,
                btf: btf.as_ref(),
                fd_array: &fd_array,
                attach_btf_id: target.id,
            };
            *slot = Some(load_program(program, &context).map_err(|error| error.with_item(program.name))?);
        }
    }
    Ok(loaded)
}

/// Finds what the programs are loaded against; the kernel's type information is read only if there is anything to find.
fn find_targets(plan: &'static Plan, programs: &[&OpenProgram], targets: &mut [Wanted]) -> Result<(), Error> {
    for ((program, open), wanted) in plan.programs.iter().zip(programs).zip(&mut *targets) {
        wanted.target = program.btf_target.as_ref().filter(|_| open.autoload());
    }
    if targets.iter().all(|wanted| wanted.target.is_none()) {
        return Ok(());
    }
    kernel_btf::find(targets)?;
    let missing =
        plan.programs.iter().zip(targets).find_map(|(program, wanted)| Some((program, wanted.missing()?)));
    missing.map_or(Ok(()), |(program, target)| {
        Err(Error::new(Step::FindTarget, ErrorKind::NoTarget(target)).with_item(program.name))
    })
}

fn load_btf(plan: &'static Plan) -> Result<Fd, Error> {
    bpf::btf_load(plan.btf, None).map_err(|errno| {
        with_log(Error::system(Step::LoadBtf, Call::BtfLoad, errno), errno, |log| {
            bpf::btf_load(plan.btf, Some(log)).err()
        })
    })
}

fn create_map(plan: &'static MapPlan, max_entries: u32, btf: Option<&Fd>) -> Result<Fd, Error> {
    let fd = bpf::map_create(plan, max_entries, btf).map_err(|errno| {
        let hint = (errno == Errno::EINVAL)
            .then_some("the kernel does not take this type, size or number of entries for a map");
        Error::system(Step::CreateMap, Call::MapCreate, errno).with_hint(hint)
    })?;
    if !plan.contents.is_empty() {
        bpf::map_fill(&fd, plan.contents)
            .map_err(|errno| Error::system(Step::FillMap, Call::MapUpdateElem, errno))?;
    }
    if plan.frozen {
        bpf::map_freeze(&fd).map_err(|errno| Error::system(Step::FreezeMap, Call::MapFreeze, errno))?;
    }
    Ok(fd)
}

fn load_program(plan: &'static ProgramPlan, context: &ProgramContext<'_>) -> Result<Fd, Error> {
    bpf::prog_load(plan, context, None).map_err(|errno| {
        let hint = match errno {
            Errno::E2BIG if !plan.core_relos.is_empty() => Some(
                "this kernel does not carry out CO-RE relocations by itself: Linux 5.17 or newer is needed",
            ),
            Errno::E2BIG => {
                Some("this kernel does not take map indices in programs: Linux 5.14 or newer is needed")
            }
            _ => None,
        };
        let error = Error::system(Step::LoadProgram, Call::ProgLoad, errno).with_hint(hint);
        with_log(error, errno, |log| bpf::prog_load(plan, context, Some(log)).err())
    })
}

/// Tries a refused load once more with room for the kernel's reasons, where it can have any.
fn with_log(error: Error, errno: Errno, again: impl FnOnce(&mut [u8]) -> Option<Errno>) -> Error {
    if matches!(errno, Errno::EPERM | Errno::E2BIG | Errno::EMFILE | Errno::ENFILE | Errno::ENOSYS) {
        return error;
    }
    let Ok(mut log) = Memory::zeroed(LOG_SIZE) else {
        return error;
    };
    match again(log.bytes_mut()) {
        Some(_) => error.with_log(log),
        // It went well the second time; the first error stands, there is nothing to say about it.
        None => error,
    }
}

/// Attaches every program whose target is known and that is not attached; all of them or none.
pub(crate) fn attach<S: Skeleton + ?Sized, const PROGRAMS: usize>(
    skeleton: &mut S,
) -> Result<Unattached<PROGRAMS>, Error> {
    let plan = skeleton.plan();
    let mut left = [false; PROGRAMS];
    let mut new = [const { None }; PROGRAMS];
    for (index, program) in plan.programs.iter().enumerate() {
        let Some(fd) = skeleton.program_at(index).and_then(|program| program.fd()) else {
            continue;
        };
        if skeleton.link_at(index).is_some() {
            continue;
        }
        match attach_program(program, fd).map_err(|error| error.with_item(program.name))? {
            Some(link) => new[index] = Some(Link::new(link, program)),
            None => left[index] = true,
        }
    }
    for (index, link) in new.into_iter().enumerate() {
        if let (Some(link), Some(slot)) = (link, skeleton.link_slot(index)) {
            *slot = Some(link);
        }
    }
    Ok(Unattached { plan, left })
}

/// The link of a program, or none when that is left to the caller.
fn attach_program(plan: &'static ProgramPlan, program: &Fd) -> Result<Option<Fd>, Error> {
    let open = Call::RawTracepointOpen;
    let (call, result) = match plan.attach {
        Attach::Manual => return Ok(None),
        Attach::Iterator => (Call::LinkCreate, bpf::link_create(program, plan.attach_type)),
        Attach::RawTracepoint(name) => (open, bpf::raw_tracepoint_open(program, Some(name))),
        Attach::Trace => (open, bpf::raw_tracepoint_open(program, None)),
    };
    result.map(Some).map_err(|errno| {
        let hint = match (plan.attach, errno) {
            (Attach::RawTracepoint(_), Errno::ENOENT) => Some("this kernel has no tracepoint of that name"),
            (Attach::Trace, Errno::EBUSY) => Some("another program holds that target"),
            _ => None,
        };
        Error::system(Step::Attach, call, errno).with_hint(hint)
    })
}
