//! bpf(2): one safe function for each command in use, descriptors in, descriptors out.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use core::ffi::CStr;

use super::abi::{self, Attr};
use super::raw::{Call, syscall};
use super::{Errno, Fd};
use crate::plan::{MapPlan, ProgramPlan};
use crate::struct_ops::Fitted;

/// Times to try again on `EAGAIN`, which the verifier returns when a signal arrives; libbpf tries as often.
const TRIES: usize = 5;

/// The call comes with a token (6.9).
const F_TOKEN_FD: u32 = 1 << 16;

/// # Safety
///
/// Every address in `attr` is valid for what the command reads and writes there, for the length that goes
/// with it.
pub(super) unsafe fn bpf<A: Attr>(attr: &mut A) -> Result<usize, Errno> {
    let args = [A::COMMAND as usize, core::ptr::from_mut(attr) as usize, size_of::<A>(), 0, 0];
    let mut tries = TRIES;
    loop {
        tries -= 1;
        // SAFETY: `attr` is laid out for the command and writable; what it points to is the caller's promise.
        match unsafe { syscall(Call::Bpf, args) } {
            Err(Errno::EAGAIN) if tries > 0 => {}
            result => return result,
        }
    }
}

pub(super) fn address<T: ?Sized>(value: &T) -> u64 {
    core::ptr::from_ref(value).cast::<u8>() as usize as u64
}

/// The address of something the kernel writes to.
pub(super) fn address_mut<T: ?Sized>(value: &mut T) -> u64 {
    core::ptr::from_mut(value).cast::<u8>() as usize as u64
}

/// Loads type information (4.18). The log, where given, receives the kernel's reasons.
pub(crate) fn btf_load(btf: &[u8], log: Option<&mut [u8]>, token: Option<&Fd>) -> Result<Fd, Errno> {
    let mut attr = abi::BtfLoad { btf: address(btf), btf_size: btf.len() as u32, ..Default::default() };
    if let Some(log) = log {
        attr.btf_log_size = log.len() as u32;
        attr.btf_log_buf = address_mut(log);
        attr.btf_log_level = 1;
    }
    if let Some(token) = token {
        attr.btf_flags = F_TOKEN_FD;
        attr.btf_token_fd = token.raw() as u32;
    }
    // SAFETY: `btf` and `log` are live slices, passed with their lengths.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Creates a map (3.18; names 4.15, BTF 4.18); a map of maps for maps like the inner one (4.12).
pub(crate) fn map_create(
    plan: &MapPlan,
    max_entries: u32,
    inner: Option<&Fd>,
    btf: Option<&Fd>,
    token: Option<&Fd>,
) -> Result<Fd, Errno> {
    let mut attr = abi::MapCreate {
        map_type: plan.map_type,
        key_size: plan.key_size,
        value_size: plan.value_size,
        max_entries,
        map_flags: plan.flags,
        inner_map_fd: inner.map_or(0, |inner| inner.raw() as u32),
        // Counts only where the flags say `BPF_F_NUMA_NODE`, as with libbpf.
        numa_node: plan.numa_node.unwrap_or_default(),
        map_name: plan.kernel_name,
        map_extra: plan.map_extra,
        ..Default::default()
    };
    if let Some(btf) = btf {
        attr.btf_fd = btf.raw() as u32;
        attr.btf_key_type_id = plan.btf_key_type_id;
        attr.btf_value_type_id = plan.btf_value_type_id;
    }
    if let Some(token) = token {
        attr.map_flags |= F_TOKEN_FD;
        attr.map_token_fd = token.raw() as u32;
    }
    // SAFETY: no field is an address.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Sets the only value of the one-element array of a data section.
pub(crate) fn map_fill(map: &Fd, plan: &MapPlan, value: &[u8]) -> Result<(), Errno> {
    let key = 0_u32;
    if plan.key_size as usize != size_of_val(&key) || plan.value_size as usize != value.len() {
        return Err(Errno::EINVAL);
    }
    let mut attr = abi::MapUpdateElem {
        map_fd: map.raw() as u32,
        key: address(&key),
        value: address(value),
        ..Default::default()
    };
    // SAFETY: key and value are as long as those of the map, which was made by the same plan.
    unsafe { bpf(&mut attr) }.map(drop)
}

/// Puts a map or a program into a slot of a map of maps (4.12) or of a program array (4.2).
pub(crate) fn map_set_slot(map: &Fd, plan: &MapPlan, index: u32, item: &Fd) -> Result<(), Errno> {
    let (key, value) = (index, item.raw());
    if plan.key_size as usize != size_of_val(&key) || plan.value_size as usize != size_of_val(&value) {
        return Err(Errno::EINVAL);
    }
    let mut attr = abi::MapUpdateElem {
        map_fd: map.raw() as u32,
        key: address(&key),
        value: address(&value),
        ..Default::default()
    };
    // SAFETY: key and value are as long as those of the map, which is like the plan.
    unsafe { bpf(&mut attr) }.map(drop)
}

/// `BPF_F_LINK`: operations are in force as long as a link is there (6.4).
pub(crate) const F_LINK: u32 = 1 << 13;
/// `BPF_F_VTYPE_BTF_OBJ_FD`: the type of the value is a module's (6.9).
const F_VTYPE_BTF_OBJ_FD: u32 = 1 << 15;

/// Creates the map of operations (5.6).
pub(crate) fn map_create_operations(
    plan: &MapPlan,
    fitted: &Fitted,
    btf: &Fd,
    token: Option<&Fd>,
) -> Result<Fd, Errno> {
    let mut attr = abi::MapCreate {
        map_type: plan.map_type,
        key_size: plan.key_size,
        value_size: fitted.value_size,
        max_entries: plan.max_entries,
        map_flags: plan.flags,
        map_name: plan.kernel_name,
        btf_fd: btf.raw() as u32,
        btf_vmlinux_value_type_id: fitted.value_type_id,
        ..Default::default()
    };
    if let Some(module) = &fitted.module {
        attr.map_flags |= F_VTYPE_BTF_OBJ_FD;
        attr.value_type_btf_obj_fd = module.raw() as u32;
    }
    if let Some(token) = token {
        attr.map_flags |= F_TOKEN_FD;
        attr.map_token_fd = token.raw() as u32;
    }
    // SAFETY: no field is an address.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Puts operations into their map, whose value is as long as the kernel was told; it registers those that have no link.
pub(crate) fn map_put_operations(map: &Fd, value: &[u8]) -> Result<(), Errno> {
    let key = 0_u32;
    let mut attr = abi::MapUpdateElem {
        map_fd: map.raw() as u32,
        key: address(&key),
        value: address(value),
        ..Default::default()
    };
    // SAFETY: the key is that of such a map; the value has the size of the kernel's type, by which the map was made.
    unsafe { bpf(&mut attr) }.map(drop)
}

/// Takes operations without a link out of force.
pub(crate) fn map_remove_operations(map: &Fd) -> Result<(), Errno> {
    let key = 0_u32;
    let mut attr = abi::MapDeleteElem { map_fd: map.raw() as u32, key: address(&key), ..Default::default() };
    // SAFETY: the key is that of such a map; for any other map the kernel reads no more than the size of its key, which is
    // not asked for here but of maps of this type.
    unsafe { bpf(&mut attr) }.map(drop)
}

/// Registers the operations in a map, for as long as the link is there (6.4).
pub(crate) fn link_create_operations(map: &Fd) -> Result<Fd, Errno> {
    /// `BPF_STRUCT_OPS`.
    const STRUCT_OPS: u32 = 44;
    link_create(map, STRUCT_OPS)
}

/// Makes a map read-only for user space from now on (5.2).
pub(crate) fn map_freeze(map: &Fd) -> Result<(), Errno> {
    let mut attr = abi::MapFreeze { map_fd: map.raw() as u32 };
    // SAFETY: no field is an address.
    unsafe { bpf(&mut attr) }.map(drop)
}

/// What a program is loaded with, beside what its plan says.
pub(crate) struct ProgramContext<'a> {
    pub(crate) license: &'a CStr,
    pub(crate) btf: Option<&'a Fd>,
    /// Descriptors of the maps, by their index in the plan.
    pub(crate) fd_array: &'a [i32],
    /// The kernel type it is loaded against; 0 for none.
    pub(crate) attach_btf_id: u32,
    /// In place of the attach type of the plan: the index of the member that it is, for functions of operations.
    pub(crate) member: Option<u32>,
    /// The type information that it is in; none for that of the kernel itself (5.11).
    pub(crate) attach_btf: Option<&'a Fd>,
}

/// Loads a program. The log, where given, receives what the verifier says.
///
/// `insns` are those of the plan, where maps are indices into `fd_array` (5.14), or a copy with descriptors
/// and no `fd_array`. CO-RE relocations are left to the kernel (5.17).
pub(crate) fn prog_load(
    plan: &ProgramPlan,
    insns: &[u8],
    context: &ProgramContext<'_>,
    log: Option<&mut [u8]>,
    token: Option<&Fd>,
) -> Result<Fd, Errno> {
    let mut attr = abi::ProgLoad {
        prog_type: plan.program_type,
        insn_cnt: (insns.len() / 8) as u32,
        insns: address(insns),
        license: address(context.license),
        prog_flags: plan.flags,
        prog_name: plan.kernel_name,
        expected_attach_type: context.member.unwrap_or(plan.attach_type),
        attach_btf_id: context.attach_btf_id,
        attach_btf_obj_fd: context.attach_btf.map_or(0, |btf| btf.raw() as u32),
        ..Default::default()
    };
    if !context.fd_array.is_empty() {
        attr.fd_array = address(context.fd_array);
    }
    if let Some(btf) = context.btf.filter(|_| plan.has_info()) {
        attr.prog_btf_fd = btf.raw() as u32;
        if !plan.func_info.is_empty() {
            attr.func_info = address(plan.func_info);
            attr.func_info_rec_size = 8;
            attr.func_info_cnt = (plan.func_info.len() / 8) as u32;
        }
        if !plan.line_info.is_empty() {
            attr.line_info = address(plan.line_info);
            attr.line_info_rec_size = 16;
            attr.line_info_cnt = (plan.line_info.len() / 16) as u32;
        }
        if !plan.core_relos.is_empty() {
            attr.core_relos = address(plan.core_relos);
            attr.core_relo_rec_size = 16;
            attr.core_relo_cnt = (plan.core_relos.len() / 16) as u32;
        }
    }
    if let Some(log) = log {
        attr.log_size = log.len() as u32;
        attr.log_buf = address_mut(log);
        attr.log_level = 1;
    }
    if let Some(token) = token {
        attr.prog_flags |= F_TOKEN_FD;
        attr.prog_token_fd = token.raw() as u32;
    }
    // SAFETY: all addresses are those of live slices and strings, passed with their lengths in records. `fd_array` has no
    // length: the kernel copies what an instruction's index leads to, or fails; it writes nothing there. (A plan's indices lie
    // inside, as it is made; to look at each again at compile time was a fifth of that time.)
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Makes a program hold a map that it does not refer to (5.10).
pub(crate) fn prog_bind_map(program: &Fd, map: &Fd) -> Result<(), Errno> {
    let mut attr =
        abi::ProgBindMap { prog_fd: program.raw() as u32, map_fd: map.raw() as u32, ..Default::default() };
    // SAFETY: no field is an address.
    unsafe { bpf(&mut attr) }.map(drop)
}

/// Attaches a program to a target that its attach type alone tells (5.7).
pub(crate) fn link_create(program: &Fd, attach_type: u32) -> Result<Fd, Errno> {
    let mut attr = abi::LinkCreate { prog_fd: program.raw() as u32, attach_type, ..Default::default() };
    // SAFETY: no field is an address.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Attaches a program to what it was loaded against, with a cookie (5.19).
pub(crate) fn link_create_tracing(program: &Fd, attach_type: u32, cookie: u64) -> Result<Fd, Errno> {
    let mut attr =
        abi::LinkCreateTracing { prog_fd: program.raw() as u32, attach_type, cookie, ..Default::default() };
    // SAFETY: no field is an address.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Puts an extension in the place of a function of a program, by its number in the type information of that (5.10).
pub(crate) fn link_create_extension(extension: &Fd, program: &Fd, function: u32) -> Result<Fd, Errno> {
    let mut attr = abi::LinkCreateTracing {
        prog_fd: extension.raw() as u32,
        target_fd: program.raw() as u32,
        target_btf_id: function,
        ..Default::default()
    };
    // SAFETY: no field is an address.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// `BPF_PERF_EVENT` of `enum bpf_attach_type`.
const PERF_EVENT: u32 = 41;

/// Attaches a program to an event (5.15).
pub(crate) fn link_create_perf_event(program: &Fd, event: &Fd, bpf_cookie: u64) -> Result<Fd, Errno> {
    let mut attr = abi::LinkCreatePerfEvent {
        prog_fd: program.raw() as u32,
        target_fd: event.raw() as u32,
        attach_type: PERF_EVENT,
        bpf_cookie,
        ..Default::default()
    };
    // SAFETY: no field is an address.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Attaches to a tracepoint by name (4.17), or to what the program was loaded against (5.5); with a cookie since
/// 6.10.
pub(crate) fn raw_tracepoint_open(program: &Fd, name: Option<&CStr>, cookie: u64) -> Result<Fd, Errno> {
    let mut attr = abi::RawTracepointOpen {
        name: name.map_or(0, address),
        prog_fd: program.raw() as u32,
        cookie,
        ..Default::default()
    };
    // SAFETY: the name ends with a NUL; without one the field is 0, which the kernel does not follow.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// `BPF_F_PATH_FD`: the path starts at a descriptor (6.5).
const F_PATH_FD: u32 = 1 << 14;

/// Pins an object at a path in a bpffs (4.4), which starts at a directory if one is given (6.5; `EINVAL` or
/// `E2BIG` before).
pub(crate) fn obj_pin(object: &Fd, directory: Option<&Fd>, path: &CStr) -> Result<(), Errno> {
    let mut attr = abi::ObjPin {
        pathname: address(path),
        bpf_fd: object.raw() as u32,
        file_flags: if directory.is_some() { F_PATH_FD } else { 0 },
        path_fd: directory.map_or(0, |directory| directory.raw() as u32),
        ..Default::default()
    };
    // SAFETY: the path ends with a NUL.
    unsafe { bpf(&mut attr) }.map(drop)
}

/// Opens what is pinned at a path, which starts at a directory if one is given, as for [`obj_pin`].
pub(crate) fn obj_get(directory: Option<&Fd>, path: &CStr) -> Result<Fd, Errno> {
    let mut attr = abi::ObjGet {
        pathname: address(path),
        file_flags: if directory.is_some() { F_PATH_FD } else { 0 },
        path_fd: directory.map_or(0, |directory| directory.raw() as u32),
        ..Default::default()
    };
    // SAFETY: the path ends with a NUL.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// Sets a value of an array (3.19).
#[cfg(feature = "uprobes")]
pub(crate) fn map_put<const SIZE: usize>(map: &Fd, index: u32, value: &[u8; SIZE]) -> Result<(), Errno> {
    let info = map_info(map)?;
    if info.key_size as usize != size_of_val(&index) || info.value_size as usize != SIZE {
        return Err(Errno::EINVAL);
    }
    let mut attr = abi::MapUpdateElem {
        map_fd: map.raw() as u32,
        key: address(&index),
        value: address(value),
        ..Default::default()
    };
    // SAFETY: key and value are as long as those of the map.
    unsafe { bpf(&mut attr) }.map(drop)
}

/// A map by its id (4.13); `ENOENT` when there is none.
pub(crate) fn map_by_id(map_id: u32) -> Result<Fd, Errno> {
    let mut attr = abi::MapGetFdById { map_id, ..Default::default() };
    // SAFETY: no field is an address.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// What the kernel tells of a map.
pub(crate) struct MapInfo {
    pub(crate) id: u32,
    pub(crate) map_type: u32,
    pub(crate) key_size: u32,
    pub(crate) value_size: u32,
    pub(crate) max_entries: u32,
    pub(crate) flags: u32,
    /// The kernel's type of the value of operations; 0 for other maps.
    pub(crate) kernel_value_type: u32,
    /// 0 on kernels that have none (before 5.16).
    pub(crate) map_extra: u64,
}

/// The properties of a map (4.13).
pub(crate) fn map_info(map: &Fd) -> Result<MapInfo, Errno> {
    // `struct bpf_map_info`: type, id, key size, value size, entries, flags; 5 words that do not matter, the kernel's type
    // of the value; 8 more; `map_extra`.
    let info: [u32; 22] = obj_info(map)?;
    let [
        map_type,
        id,
        key_size,
        value_size,
        max_entries,
        flags,
        _,
        _,
        _,
        _,
        _,
        kernel_value_type,
        ..,
        low,
        high,
    ] = info;
    let map_extra = u64::from(high) << 32 | u64::from(low);
    Ok(MapInfo { id, map_type, key_size, value_size, max_entries, flags, kernel_value_type, map_extra })
}

/// The id of a map, program or link (4.13, links 5.8).
pub(crate) fn obj_id(object: &Fd) -> Result<u32, Errno> {
    // The info structs of all three have the type first and the id second.
    let [_, id] = obj_info(object)?;
    Ok(id)
}

/// The first words of what the kernel tells of an object; it writes no more than is asked for.
fn obj_info<const WORDS: usize>(object: &Fd) -> Result<[u32; WORDS], Errno> {
    let mut info = [0; WORDS];
    let mut attr = abi::ObjGetInfoByFd {
        bpf_fd: object.raw() as u32,
        info_len: size_of_val(&info) as u32,
        info: address_mut(&mut info),
    };
    // SAFETY: the kernel writes no more than `info_len` bytes to `info`.
    unsafe { bpf(&mut attr) }?;
    Ok(info)
}

/// A token of a bpffs that gives some (6.9): `EPERM`, `EINVAL` or `ENOENT` where there are none to be had.
pub(crate) fn token_create(bpffs: &Fd) -> Result<Fd, Errno> {
    let mut attr = abi::TokenCreate { flags: 0, bpffs_fd: bpffs.raw() as u32 };
    // SAFETY: no field is an address.
    Fd::new(unsafe { bpf(&mut attr) }?)
}
