//! Carries out the first half of a plan: type information, maps, programs.
//!
//! Each step is tried in the form that new kernels take; an older form is tried only when the kernel refuses that one.
//! Descriptors made before a failure are closed on the way out, so that a failure leaves nothing behind.

use crate::entries;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::kernel_btf::{self, Wanted};
use crate::patch;
use crate::plan::{MapPlan, Plan, ProgramPlan};
use crate::privilege::Privilege;
use crate::skeleton::{OpenMap, OpenProgram};
use crate::sys::bpf::{self, ProgramContext};
use crate::sys::{Errno, Fd, Memory};
use crate::transaction::Carried;

/// Room for what the verifier has to say, as much as kernels since 5.10 take; pages it does not write cost nothing.
const LOG_SIZE: usize = (16 << 20) - 1;

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
    privilege: &mut Privilege<'_>,
    carried: &Carried<'_>,
) -> Result<Loaded<MAPS, PROGRAMS>, Error> {
    let mut loaded = Loaded { maps: [const { None }; MAPS], programs: [const { None }; PROGRAMS] };
    let mut targets = [Wanted { target: None, id: 0 }; PROGRAMS];
    find_targets(plan, &programs, &mut targets)?;

    let btf = if plan.btf.is_empty() { None } else { Some(load_btf(plan, privilege)?) };
    let mut fd_array = [-1; MAPS];
    for (((map, open), slot), raw) in plan.maps.iter().zip(maps).zip(&mut loaded.maps).zip(&mut fd_array) {
        let max_entries = open.map_or(map.max_entries, OpenMap::max_entries);
        let fd = entries::effective(map.map_type, max_entries).and_then(|max_entries| {
            carried
                .map(map, max_entries)?
                .map_or_else(|| create_map(map, max_entries, btf.as_ref(), privilege), Ok)
        });
        let fd = fd.map_err(|error| error.with_item(map.name))?;
        *raw = fd.raw();
        *slot = Some(fd);
    }
    let mut form = Form::Indices;
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
            let fd = load_program(program, &context, &mut form, privilege);
            *slot = Some(fd.map_err(|error| error.with_item(program.name))?);
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

/// What a kernel refuses of the type information is left out of a second form of it; a kernel that takes neither form
/// gives its reasons for the first.
fn load_btf(plan: &'static Plan, privilege: &mut Privilege<'_>) -> Result<Fd, Error> {
    let errno = match privilege.call(|token| bpf::btf_load(plan.btf, None, token)) {
        Ok(fd) => return Ok(fd),
        Err(errno) => errno,
    };
    if errno == Errno::EINVAL && !plan.btf_for_old_kernels.is_empty() {
        if let Ok(fd) = privilege.call(|token| bpf::btf_load(plan.btf_for_old_kernels, None, token)) {
            return Ok(fd);
        }
    }
    with_log(Error::system(Step::LoadBtf, Call::BtfLoad, errno), |log| {
        privilege.call(|token| bpf::btf_load(plan.btf, Some(&mut *log), token))
    })
}

fn create_map(
    plan: &'static MapPlan,
    max_entries: u32,
    btf: Option<&Fd>,
    privilege: &mut Privilege<'_>,
) -> Result<Fd, Error> {
    let mut create = |max_entries| privilege.call(|token| bpf::map_create(plan, max_entries, btf, token));
    let fd = create(max_entries).or_else(|errno| {
        // What counts is the reason for the first refusal.
        match entries::with_larger_pages(plan.map_type, max_entries) {
            Some(larger) if errno == Errno::EINVAL => create(larger).map_err(|_| errno),
            _ => Err(errno),
        }
    });
    let fd = fd.map_err(|errno| {
        let hint = (errno == Errno::EINVAL)
            .then_some("the kernel does not take this type, size or number of entries for a map");
        Error::system(Step::CreateMap, Call::MapCreate, errno).with_hint(hint)
    })?;
    if !plan.contents.is_empty() {
        bpf::map_fill(&fd, plan).map_err(|errno| Error::system(Step::FillMap, Call::MapUpdateElem, errno))?;
    }
    if plan.frozen {
        bpf::map_freeze(&fd).map_err(|errno| Error::system(Step::FreezeMap, Call::MapFreeze, errno))?;
    }
    Ok(fd)
}

/// How instructions refer to maps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// By index, straight from the plan (5.14).
    Indices,
    /// By descriptor, in a copy.
    Descriptors,
}

/// The form that went well is the one to begin with for the next program.
fn load_program(
    plan: &'static ProgramPlan,
    context: &ProgramContext<'_>,
    form: &mut Form,
    privilege: &mut Privilege<'_>,
) -> Result<Fd, Error> {
    let mut errno = Errno::E2BIG;
    if *form == Form::Indices {
        match privilege.call(|token| bpf::prog_load(plan, plan.insns, context, None, token)) {
            Ok(fd) => return Ok(fd),
            Err(first) => errno = first,
        }
    }
    let failed = |errno| Error::system(Step::LoadProgram, Call::ProgLoad, errno);
    // The kernel does not know a field: `fd_array`, or those of CO-RE, which no copy can do without. (It says the same
    // of a program that is too complex, which is the same in any form.)
    if errno != Errno::E2BIG || !plan.core_relos.is_empty() {
        let result = with_log(failed(errno), |log| {
            privilege.call(|token| bpf::prog_load(plan, plan.insns, context, Some(&mut *log), token))
        });
        return result.map_err(|error| explain(plan, error));
    }
    let old = ProgramContext { fd_array: &[], ..*context };
    let copy = patch::with_descriptors(plan.insns, context.fd_array).map_err(failed)?;
    let result =
        privilege.call(|token| bpf::prog_load(plan, copy.bytes(), &old, None, token)).or_else(|errno| {
            with_log(failed(errno), |log| {
                privilege.call(|token| bpf::prog_load(plan, copy.bytes(), &old, Some(&mut *log), token))
            })
        });
    *form = Form::Descriptors;
    result.map_err(|error| explain(plan, error))
}

/// Says what "too big" means: a verifier that gives up on a program says so, a kernel that does not know a field says
/// nothing.
fn explain(plan: &'static ProgramPlan, error: Error) -> Error {
    let hint = match (error.errno(), error.verifier_log()) {
        (Some(Errno::E2BIG), None) if !plan.core_relos.is_empty() => {
            Some("this kernel does not carry out CO-RE relocations by itself: Linux 5.17 or newer is needed")
        }
        (Some(Errno::E2BIG), Some(_)) => {
            Some("the program is too large or too complex for this kernel's verifier")
        }
        _ => None,
    };
    error.with_hint(hint)
}

/// Tries a refused load once more with room for the kernel's reasons, where it can have any. An error that does not last is
/// none.
fn with_log(error: Error, again: impl FnOnce(&mut [u8]) -> Result<Fd, Errno>) -> Result<Fd, Error> {
    if matches!(error.errno(), Some(Errno::EMFILE | Errno::ENFILE | Errno::ENOSYS)) {
        return Err(error);
    }
    let Ok(mut log) = Memory::zeroed(LOG_SIZE) else { return Err(error) };
    match again(log.bytes_mut()) {
        Ok(fd) => Ok(fd),
        Err(_) => Err(error.with_log(log)),
    }
}
