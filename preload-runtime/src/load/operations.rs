//! The maps of operations, and what their programs are loaded as.

use crate::error::{Call, Error, Step};
use crate::plan::{MapPlan, Plan, ProgramPlan};
use crate::privilege::Privilege;
use crate::skeleton::OpenProgram;
use crate::struct_ops::{Fitted, Function};
use crate::sys::bpf::{self, ProgramContext};
use crate::sys::{Errno, Fd};

/// The kernel's side of all operations of a plan: by map, and by program.
pub(super) fn fit(
    plan: &'static Plan,
    programs: &[&OpenProgram],
    maps: &mut [Option<Fitted>],
    functions: &mut [Option<Function>],
) -> Result<(), Error> {
    let Some(calls) = plan.code.struct_ops else { return Ok(()) };
    for (index, operations) in plan.struct_ops.iter().enumerate() {
        let fitted = (calls.fit)(plan, index, programs, functions);
        let fitted = fitted.map_err(|error| error.with_item(operations.link.name))?;
        if let Some(slot) = maps.get_mut(operations.map) {
            *slot = Some(fitted);
        }
    }
    Ok(())
}

/// What a program is loaded as, where it is a function of operations.
pub(super) fn of_program<'a>(
    plan: &'static Plan,
    maps: &'a [Option<Fitted>],
    function: Option<Function>,
) -> Option<(&'a Fitted, u32)> {
    let function = function?;
    let operations = plan.struct_ops.get(function.operations)?;
    Some((maps.get(operations.map)?.as_ref()?, function.member))
}

/// A program that does nothing.
static NOTHING: ProgramPlan = ProgramPlan {
    name: "nothing",
    program_type: 1, // BPF_PROG_TYPE_SOCKET_FILTER
    #[rustfmt::skip]
    insns: &[
        0xb7, 0, 0, 0, 0, 0, 0, 0, // r0 = 0
        0x95, 0, 0, 0, 0, 0, 0, 0, // exit
    ],
    ..ProgramPlan::EMPTY
};

/// Makes the map of operations.
pub(crate) fn create(
    plan: &'static MapPlan,
    fitted: &Fitted,
    btf: Option<&Fd>,
    privilege: &mut Privilege<'_>,
) -> Result<Fd, Error> {
    let mut make = || match btf {
        Some(btf) => privilege.call(|token| bpf::map_create_operations(plan, fitted, btf, token)),
        None => Err(Errno::EINVAL),
    };
    let made = match make() {
        // Old kernels read their own types when the first program since boot is checked, and know of no operations before.
        Err(Errno::ENOTSUPP) => {
            let context = ProgramContext {
                license: c"GPL",
                btf: None,
                fd_array: &[],
                attach_btf_id: 0,
                attach_btf: None,
                member: None,
            };
            let _ = bpf::prog_load(&NOTHING, NOTHING.insns, &context, None, None);
            make()
        }
        made => made,
    };
    made.map_err(|errno| {
        let hint = (errno == Errno::EINVAL && plan.flags & bpf::F_LINK != 0).then_some(
            "operations with a link (`.struct_ops.link`) need Linux 6.4; those of `.struct_ops` do without",
        );
        Error::system(Step::CreateMap, Call::MapCreate, errno).with_hint(hint)
    })
}
