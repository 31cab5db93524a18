//! Operations that the kernel calls: a struct of the object fitted to the kernel's of that name, and registered.
//!
//! The rules are libbpf's: members go by name; one that the kernel does not have must be zero in the object; those that are
//! no functions must have the kernel's size.

use crate::btf::{Graph, Type, is_named, kind};
use crate::error::{Call, Error, ErrorKind, MemberProblem, Step};
use crate::kernel_btf;
use crate::load::operations;
use crate::marker::Digest;
use crate::plan::{MapPlan, Plan, StructOpsMember, StructOpsPlan};
use crate::preload::Access;
use crate::privilege::Privilege;
use crate::skeleton::{OpenProgram, Skeleton};
use crate::sys::{Errno, Fd, Memory, bpf, btf};
use crate::transaction::{self, Staged};

/// What stands in front of the struct's name in that of the map's value.
const WRAPPER: &[u8] = b"bpf_struct_ops_";

/// The kernel's side of operations.
pub(crate) struct Fitted {
    /// The struct itself, which programs are loaded for.
    pub(crate) type_id: u32,
    /// What the map holds: the struct and what the kernel keeps beside it.
    pub(crate) value_type_id: u32,
    pub(crate) value_size: u32,
    /// Where in the value the struct begins.
    offset: u32,
    /// The module whose type it is; none for the kernel's own (6.9).
    pub(crate) module: Option<Fd>,
}

/// The place of a program among the functions of some operations.
#[derive(Clone, Copy)]
pub(crate) struct Function {
    /// Which of the plan's operations.
    pub(crate) operations: usize,
    /// The index of the member in the kernel's struct.
    pub(crate) member: u32,
}

/// Whether a link puts them in force (6.4); without one they are in force until they are taken out, whoever holds their map.
pub(crate) fn have_link(plan: &Plan, operations: &StructOpsPlan) -> bool {
    plan.maps.get(operations.map).is_some_and(|map| map.flags & bpf::F_LINK != 0)
}

/// [`fit`], as a plan names it.
type Fit = fn(&'static Plan, usize, &[&OpenProgram], &mut [Option<Function>]) -> Result<Fitted, Error>;
/// The descriptors of programs, by index; none for those that are left out.
type Descriptors<'a> = &'a dyn Fn(usize) -> Option<i32>;
/// [`register`], as a plan names it.
type Register = fn(&'static Plan, usize, &Fd, Descriptors<'_>) -> Result<Fd, Error>;

/// [`operations::create`], as a plan names it.
type Create = fn(&'static MapPlan, &Fitted, Option<&Fd>, &mut Privilege<'_>) -> Result<Fd, Error>;

/// [`transaction::hold_operations`], as a plan names it.
type Hold = fn(&mut Staged, &dyn Skeleton, Digest, Access) -> Result<(), Error>;

/// What an object with operations needs.
pub(crate) struct Calls {
    pub(crate) fit: Fit,
    pub(crate) register: Register,
    pub(crate) unregister: fn(&Fd),
    pub(crate) create: Create,
    pub(crate) hold: Hold,
}

pub(crate) static CALLS: Calls =
    Calls { fit, register, unregister, create: operations::create, hold: transaction::hold_operations };

/// Finds the kernel's side of the plan's operations of that index, and the place of each program in it.
fn fit(
    plan: &'static Plan,
    index: usize,
    programs: &[&OpenProgram],
    functions: &mut [Option<Function>],
) -> Result<Fitted, Error> {
    let operations = plan.struct_ops.get(index).ok_or_else(unknown)?;
    let is_loaded = |program: usize| programs.get(program).is_some_and(|open| open.autoload());
    with_types(operations, &mut |kernel, fitted| {
        each_member(plan, operations, kernel, fitted.type_id, &is_loaded, &mut |member, number, _| {
            if let Some(slot) = member.program.and_then(|program| functions.get_mut(program)) {
                *slot = Some(Function { operations: index, member: number });
            }
        })
    })
}

/// Puts the struct into its map, which registers it, or makes a link that does; the descriptor of the link, or of the map
/// where there is no link.
fn register(plan: &'static Plan, index: usize, map: &Fd, program: Descriptors<'_>) -> Result<Fd, Error> {
    let operations = plan.struct_ops.get(index).ok_or_else(unknown)?;
    let map_plan = plan.maps.get(operations.map).ok_or_else(unknown)?;
    let no_memory = |errno| Error::system(Step::Attach, Call::Mmap, errno);
    let mut value = None;
    let fitted = with_types(operations, &mut |kernel, fitted| {
        let mut memory = Memory::zeroed(fitted.value_size as usize).map_err(no_memory)?;
        let is_loaded = |index: usize| program(index).is_some();
        each_member(plan, operations, kernel, fitted.type_id, &is_loaded, &mut |member, _, offset| {
            let descriptor = member.program.and_then(program).map(|fd| (fd as u64).to_le_bytes());
            let contents = operations
                .contents
                .get(member.offset as usize..)
                .and_then(|rest| rest.get(..member.size as usize));
            let bytes = descriptor.as_ref().map(<[u8; 8]>::as_slice).or(contents).unwrap_or_default();
            let start = (fitted.offset + offset) as usize;
            if let Some(place) = memory.bytes_mut().get_mut(start..start + bytes.len()) {
                place.copy_from_slice(bytes);
            }
        })?;
        value = Some(memory);
        Ok(())
    })?;
    let value = value.as_ref().map(Memory::bytes).unwrap_or_default();
    let value = value.get(..fitted.value_size as usize).unwrap_or_default();
    put(map_plan, map, value)
}

fn put(plan: &'static MapPlan, map: &Fd, value: &[u8]) -> Result<Fd, Error> {
    let has_link = plan.flags & bpf::F_LINK != 0;
    let failed = |call, errno| {
        let hint = match errno {
            Errno::EEXIST if has_link => Some("operations of that name are registered already"),
            Errno::EEXIST => Some(
                "operations of that name are registered already; if nothing holds them any more, as after the end of a \
                 process that had not pinned them, `bpftool struct_ops unregister` takes them out",
            ),
            Errno::EBUSY => Some("these operations, or others in their place, are registered already"),
            Errno::EINVAL => {
                Some("the kernel wants other members of these operations, or does not let them be registered")
            }
            _ => None,
        };
        Error::system(Step::Attach, call, errno).with_hint(hint)
    };
    match bpf::map_put_operations(map, value) {
        Ok(()) => {}
        // A link can be made again of a map that had one.
        Err(Errno::EBUSY) if has_link => {}
        Err(errno) => return Err(failed(Call::MapUpdateElem, errno)),
    }
    if has_link {
        return bpf::link_create_operations(map).map_err(|errno| failed(Call::LinkCreate, errno));
    }
    map.duplicate().map_err(|errno| {
        unregister(map);
        failed(Call::Fcntl, errno)
    })
}

/// Takes operations without a link out of force; nothing for those with one, and for what is no map of operations.
fn unregister(map: &Fd) {
    /// `BPF_MAP_TYPE_STRUCT_OPS`.
    const STRUCT_OPS: u32 = 26;
    let is_ours =
        bpf::map_info(map).is_ok_and(|info| info.map_type == STRUCT_OPS && info.flags & bpf::F_LINK == 0);
    if is_ours {
        // It may be out of force already.
        let _ = bpf::map_remove_operations(map);
    }
}

fn unknown() -> Error {
    Error::new(Step::FitOperations, ErrorKind::UnknownKernelBtf)
}

/// Shows the kernel's types, and the kernel's side of the operations in them.
fn with_types(
    operations: &'static StructOpsPlan,
    look: &mut dyn FnMut(Graph<'_>, &Fitted) -> Result<(), Error>,
) -> Result<Fitted, Error> {
    let found = kernel_btf::read(|bytes| {
        let base = kernel_btf::numbered(bytes, Step::FitOperations)?;
        let kernel = Graph::new(&base);
        if let Some(fitted) = find(kernel, operations, None) {
            look(kernel, &fitted)?;
            return Ok(fitted);
        }
        let mut last = 0;
        while let Ok(id) = btf::next_id(last) {
            last = id;
            let Ok(fd) = btf::by_id(id) else { continue };
            let Ok(info) = btf::info(&fd) else { continue };
            if !info.is_of_kernel() || info.name() == b"vmlinux" {
                continue;
            }
            let Ok(bytes) = btf::bytes(&fd, &info) else { continue };
            let Ok(module) = kernel_btf::numbered(bytes.bytes(), Step::FitOperations) else { continue };
            let kernel = kernel.with_module(&module);
            if let Some(fitted) = find(kernel, operations, Some(fd)) {
                look(kernel, &fitted)?;
                return Ok(fitted);
            }
        }
        Err(Error::new(Step::FitOperations, ErrorKind::NoOperations(operations.type_name)))
    });
    found.and_then(|found| found).map_err(|error| error.at_step(Step::FitOperations))
}

/// The struct and the value that it is in.
fn find(kernel: Graph<'_>, operations: &StructOpsPlan, module: Option<Fd>) -> Option<Fitted> {
    let type_id = kernel.find(kind::STRUCT, operations.type_name)?;
    let mut wrapper = None;
    kernel.walk(&mut |id, ty| {
        let name = kernel.string(ty.name).strip_prefix(WRAPPER);
        if ty.kind == kind::STRUCT && name.is_some_and(|name| is_named(name, operations.type_name)) {
            wrapper = Some((id, ty));
        }
        wrapper.is_none()
    });
    let (value_type_id, value) = wrapper?;
    let mut members = (0..value.count).filter_map(|number| kernel.member(value_type_id, value, number));
    let offset = members.find(|member| member.type_id == type_id)?.offset?;
    Some(Fitted { type_id, value_type_id, value_size: value.size_or_type, offset, module })
}

/// Shows each member that the kernel has: with its index and its offset in the kernel's struct.
fn each_member(
    plan: &'static Plan,
    operations: &'static StructOpsPlan,
    kernel: Graph<'_>,
    type_id: u32,
    is_loaded: &dyn Fn(usize) -> bool,
    show: &mut dyn FnMut(&'static StructOpsMember, u32, u32),
) -> Result<(), Error> {
    let Some(ty) = kernel.get(type_id) else { return Err(unknown()) };
    for member in operations.members {
        let end = member.offset as usize + member.size as usize;
        let is_zero = operations
            .contents
            .get(member.offset as usize..end)
            .unwrap_or_default()
            .iter()
            .all(|&byte| byte == 0);
        let program = member.program.filter(|&program| is_loaded(program));
        let bad = |problem| Err(Error::new(Step::FitOperations, ErrorKind::BadMember { member, problem }));
        let Some((number, found)) = named(kernel, type_id, ty, member.name) else {
            if is_zero && program.is_none() {
                continue;
            }
            return bad(MemberProblem::Missing);
        };
        let (Some(offset), Some((_, their_type))) = (found.offset, kernel.resolve(found.type_id)) else {
            return bad(MemberProblem::BitField);
        };
        if their_type.kind != member.kind {
            return bad(MemberProblem::Kind);
        }
        if member.kind != kind::PTR {
            if kernel.size_of(found.type_id) != Some(member.size) {
                return bad(MemberProblem::Size);
            }
            show(member, number, offset);
        } else if let Some(program) = program {
            let is_function =
                kernel.resolve(their_type.size_or_type).is_some_and(|(_, ty)| ty.kind == kind::FUNC_PROTO);
            if !is_function || plan.programs.get(program).is_none() {
                return bad(MemberProblem::Kind);
            }
            show(member, number, offset);
        }
    }
    Ok(())
}

fn named(kernel: Graph<'_>, type_id: u32, ty: Type, name: &str) -> Option<(u32, crate::btf::Member)> {
    (0..ty.count)
        .filter_map(|number| Some((number, kernel.member(type_id, ty, number)?)))
        .find(|(_, member)| is_named(kernel.string(member.name), name))
}
