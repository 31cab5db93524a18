//! The programs of the object: what they are loaded against, and how they get through the verifier.

use super::log::with_log;
use super::{FindFunction, core_relo, descriptors, operations};
use crate::attach;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::kernel_btf::{self, Wanted};
use crate::patch;
use crate::plan::{BtfTarget, Plan, ProgramPlan};
use crate::privilege::Privilege;
use crate::skeleton::OpenProgram;
use crate::struct_ops::{Fitted, Function};
use crate::symbols::Symbols;
use crate::sys::bpf::{self, ProgramContext};
use crate::sys::{Errno, Fd, Memory};

/// What the programs of an object have in common.
pub(super) struct Common<'a> {
    pub(super) plan: &'static Plan,
    pub(super) choices: &'a [&'a OpenProgram],
    pub(super) btf: Option<&'a Fd>,
    pub(super) fd_array: &'a [i32],
    pub(super) symbols: Option<&'a Symbols>,
    /// The kernel's side of operations, by map.
    pub(super) fitted: &'a [Option<Fitted>],
    /// What programs are in operations, by program.
    pub(super) functions: &'a [Option<Function>],
    /// What programs are loaded against.
    pub(super) targets: &'a [Wanted],
}

/// Loads the programs of a plan that are not left out.
pub(super) fn load(
    common: &Common<'_>,
    privilege: &mut Privilege<'_>,
    programs: &mut [Option<Fd>],
) -> Result<(), Error> {
    let Common { plan, choices, targets, .. } = *common;
    let mut form = Form::Indices;
    #[cfg(feature = "threads")]
    let mut pace = super::ahead::Pace::new();
    for (index, (program, open)) in plan.programs.iter().zip(choices).enumerate() {
        // What is loaded against its target needs no stand-in any more.
        let is_there = |at: usize| {
            let has_target = plan.programs.get(at).is_some_and(|other| other.btf_target.is_some());
            has_target && programs.get(at).is_some_and(Option::is_some)
        };
        // Unless a thread has loaded it already.
        if !open.autoload() || programs[index].is_some() || attach::is_served(plan, index, &is_there) {
            continue;
        }
        let fd = match targets[index].missing() {
            Some(target) => Err(absent(program, target)),
            None => with_symbols(program, common).and_then(|copy| {
                let insns = copy.as_ref().map_or(program.insns, Memory::bytes);
                load_program(program, insns, &context(common, &targets[index], index), &mut form, privilege)
            }),
        };
        let fd = match fd {
            Ok(fd) => fd,
            Err(error) if open.optional() && program.btf_target.is_some() && error.is_absence() => continue,
            Err(error) => return Err(error.with_item(program.name)),
        };
        #[cfg(feature = "threads")]
        let calls_for_threads =
            form == Form::Indices && pace.calls_for_threads(program, &fd, plan.programs.len() - index - 1);
        programs[index] = Some(fd);
        #[cfg(feature = "threads")]
        if calls_for_threads {
            let token = privilege.token();
            super::ahead::fill(&mut programs[index + 1..], |ahead| {
                let index = index + 1 + ahead;
                let (program, target) = (plan.programs.get(index)?, targets.get(index)?);
                choices.get(index).filter(|open| open.autoload())?;
                // The loop knows whether a stand-in is needed.
                if program.instead_of.is_some() || target.missing().is_some() {
                    return None;
                }
                // Whatever is wrong is said by the loop, which tries it again.
                let Ok(copy) = with_symbols(program, common) else { return Some(Err(Errno::ENOMEM)) };
                let insns = copy.as_ref().map_or(program.insns, Memory::bytes);
                Some(bpf::prog_load(program, insns, &context(common, target, index), None, token))
            });
        }
    }
    Ok(())
}

fn context<'a>(common: &Common<'a>, target: &'a Wanted, index: usize) -> ProgramContext<'a> {
    let function = common.functions.get(index).copied().flatten();
    let operation = operations::of_program(common.plan, common.fitted, function);
    ProgramContext {
        license: common.plan.license,
        btf: common.btf,
        fd_array: common.fd_array,
        attach_btf_id: operation.map_or(target.id, |(fitted, _)| fitted.type_id),
        attach_btf: operation.map_or(target.module.as_ref(), |(fitted, _)| fitted.module.as_ref()),
        member: operation.map(|(_, member)| member),
    }
}

/// A copy of the instructions with the symbols of the kernel in them; none where there are none, so that they are passed
/// as they lie in the plan.
fn with_symbols(program: &'static ProgramPlan, common: &Common<'_>) -> Result<Option<Memory>, Error> {
    let Some((calls, symbols)) = common.plan.code.symbols.zip(common.symbols) else { return Ok(None) };
    let modules = descriptors::first_module(common.plan.maps.len());
    (calls.instructions)(program, symbols, modules)
        .map_err(|errno| Error::system(Step::FindSymbols, Call::Mmap, errno))
}

/// Finds what the programs are loaded against; the kernel's type information is read only if there is anything to find.
pub(super) fn find_targets(
    plan: &'static Plan,
    programs: &[&OpenProgram],
    targets: &mut [Wanted],
) -> Result<(), Error> {
    for ((program, open), wanted) in plan.programs.iter().zip(programs).zip(&mut *targets) {
        wanted.target = program.btf_target.as_ref().filter(|_| open.autoload() && !program.is_extension());
    }
    if targets.iter().any(|wanted| wanted.target.is_some()) {
        kernel_btf::find(targets)?;
    }
    if let Some(find) = plan.code.extensions {
        find_functions(find, plan, programs, targets)?;
    }
    // An error before anything is loaded, unless the program may turn out not to be needed.
    let missing = plan.programs.iter().zip(programs).zip(&*targets).find_map(|((program, open), wanted)| {
        let needed = program.instead_of.is_none() && !open.optional();
        Some((program, wanted.missing().filter(|_| needed)?))
    });
    missing.map_or(Ok(()), |(program, target)| Err(absent(program, target).with_item(program.name)))
}

/// Finds what extensions are loaded against.
fn find_functions(
    find: FindFunction,
    plan: &'static Plan,
    programs: &[&OpenProgram],
    targets: &mut [Wanted],
) -> Result<(), Error> {
    let extensions = plan.programs.iter().zip(programs).zip(targets);
    for ((program, open), wanted) in extensions.filter(|((program, _), _)| program.is_extension()) {
        if !open.autoload() {
            continue;
        }
        match find(program, open) {
            Ok(found) => *wanted = found,
            // The program to be extended is not there, which the loop over the programs deals with.
            Err(error) if open.optional() && error.is_absence() => {
                wanted.target = program.btf_target.as_ref();
            }
            Err(error) => return Err(error.with_item(program.name)),
        }
    }
    Ok(())
}

fn absent(program: &'static ProgramPlan, target: &'static BtfTarget) -> Error {
    let kind =
        if program.is_extension() { ErrorKind::NoFunction(target) } else { ErrorKind::NoTarget(target) };
    Error::new(Step::FindTarget, kind)
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
    insns: &[u8],
    context: &ProgramContext<'_>,
    form: &mut Form,
    privilege: &mut Privilege<'_>,
) -> Result<Fd, Error> {
    let mut errno = Errno::E2BIG;
    if *form == Form::Indices {
        match privilege.call(|token| bpf::prog_load(plan, insns, context, None, token)) {
            Ok(fd) => return Ok(fd),
            Err(first) => errno = first,
        }
    }
    let failed = |errno| Error::system(Step::LoadProgram, Call::ProgLoad, errno);
    // The kernel does not know a field: `fd_array`, or those of CO-RE, which no copy can do without. (It says the same
    // of a program that is too complex, which is the same in any form.)
    if errno != Errno::E2BIG || !plan.core_relos.is_empty() {
        let result = with_log(failed(errno), |log| {
            privilege.call(|token| bpf::prog_load(plan, insns, context, Some(&mut *log), token))
        });
        return result.map_err(|error| explain(plan, error));
    }
    let old = ProgramContext { fd_array: &[], ..*context };
    let copy = patch::with_descriptors(insns, context.fd_array).map_err(failed)?;
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
pub(crate) fn explain(plan: &'static ProgramPlan, error: Error) -> Error {
    let error = match error.verifier_log().and_then(|log| core_relo::unresolved(plan, log)) {
        Some(relo) => return error.with_kind(ErrorKind::Unresolved(relo)),
        None => error,
    };
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
