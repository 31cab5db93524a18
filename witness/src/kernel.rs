//! What the kernel says of a map, a program or types, by descriptor.
#![allow(unsafe_code, reason = "bpf(2) is called through libbpf")]

use std::ffi::c_char;
use std::io;

use libbpf_sys as sys;

/// What tells one map from another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Map {
    pub(crate) name: String,
    pub(crate) map_type: u32,
    pub(crate) key_size: u32,
    pub(crate) value_size: u32,
    pub(crate) max_entries: u32,
    pub(crate) flags: u32,
    pub(crate) map_extra: u64,
    pub(crate) btf_key_type_id: u32,
    pub(crate) btf_value_type_id: u32,
    pub(crate) btf_vmlinux_value_type_id: u32,
}

/// What tells one program from another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) program_type: u32,
    pub(crate) gpl_compatible: bool,
    pub(crate) attach_btf_id: u32,
    /// Of the instructions as the kernel was given them, map references left out.
    pub(crate) tag: [u8; 8],
    /// Instructions that the verifier went through, one way after the other.
    pub(crate) verified_insns: u32,
    /// The instructions as the kernel keeps them; a map is its place in `maps`.
    pub(crate) insns: Vec<[u8; 8]>,
    /// `struct bpf_func_info` records.
    pub(crate) functions: Vec<[u32; 2]>,
    /// `struct bpf_line_info` records.
    pub(crate) lines: Vec<[u32; 4]>,
}

/// The kernel's answer to `BPF_OBJ_GET_INFO_BY_FD` in a struct of its kind.
fn info<T>(fd: i32, info: &mut T) -> io::Result<()> {
    let mut size = size_of::<T>() as u32;
    // SAFETY: a place of the size stated; pointers in it are to memory of the size stated beside them.
    let error = unsafe { sys::bpf_obj_get_info_by_fd(fd, std::ptr::from_mut(info).cast(), &mut size) };
    if error == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// The kernel's id of a map, and what it is.
pub(crate) fn map(fd: i32) -> io::Result<(u32, Map)> {
    let mut found = sys::bpf_map_info::default();
    info(fd, &mut found)?;
    let map = Map {
        name: text(&found.name),
        map_type: found.type_,
        key_size: found.key_size,
        value_size: found.value_size,
        max_entries: found.max_entries,
        flags: found.map_flags,
        map_extra: found.map_extra,
        btf_key_type_id: found.btf_key_type_id,
        btf_value_type_id: found.btf_value_type_id,
        btf_vmlinux_value_type_id: found.btf_vmlinux_value_type_id,
    };
    Ok((found.id, map))
}

/// What a program is; `maps` are the ids of the maps of its object.
pub(crate) fn program(fd: i32, maps: &[u32]) -> io::Result<Program> {
    let mut sizes = sys::bpf_prog_info::default();
    info(fd, &mut sizes)?;
    let mut insns = vec![[0_u8; 8]; sizes.xlated_prog_len as usize / 8];
    let mut functions = vec![[0_u32; 2]; sizes.nr_func_info as usize];
    let mut lines = vec![[0_u32; 4]; sizes.nr_line_info as usize];
    let mut found = sys::bpf_prog_info {
        xlated_prog_len: sizes.xlated_prog_len,
        xlated_prog_insns: insns.as_mut_ptr() as u64,
        nr_func_info: sizes.nr_func_info,
        func_info_rec_size: 8,
        func_info: functions.as_mut_ptr() as u64,
        nr_line_info: sizes.nr_line_info,
        line_info_rec_size: 16,
        line_info: lines.as_mut_ptr() as u64,
        ..Default::default()
    };
    info(fd, &mut found)?;
    number_maps(&mut insns, maps);
    forget_addresses(&mut insns);
    Ok(Program {
        name: text(&found.name),
        program_type: found.type_,
        gpl_compatible: found.gpl_compatible() != 0,
        attach_btf_id: found.attach_btf_id,
        tag: found.tag,
        verified_insns: found.verified_insns,
        insns,
        functions,
        lines,
    })
}

/// Puts the place of a map among those of its object where the kernel put its id.
fn number_maps(insns: &mut [[u8; 8]], maps: &[u32]) {
    let mut at = 0;
    while let Some([opcode, registers, _, _, id @ ..]) = insns.get_mut(at) {
        let wide = *opcode == 0x18;
        // BPF_PSEUDO_MAP_FD, BPF_PSEUDO_MAP_VALUE
        if wide && matches!(*registers >> 4, 1 | 2) {
            let place = maps.iter().position(|map| map.to_le_bytes() == *id);
            *id = place.map_or(u32::MAX, |place| place as u32).to_le_bytes();
        }
        at += if wide { 2 } else { 1 };
    }
}

/// Takes out addresses of the kernel's own memory, which its verifier puts in: they are others for each program.
fn forget_addresses(insns: &mut [[u8; 8]]) {
    /// The upper half of the lowest address.
    const KERNEL: u32 = 0xffff_8000;
    let mut at = 0;
    while at < insns.len() {
        let wide = insns[at][0] == 0x18;
        if let Some([low, high]) = insns.get_mut(at..at + 2).filter(|_| wide) {
            let [_, _, _, _, upper @ ..] = *high;
            if low[1] >> 4 == 0 && u32::from_le_bytes(upper) >= KERNEL {
                low[4..].fill(0);
                high[4..].fill(0);
            }
        }
        at += if wide { 2 } else { 1 };
    }
}

/// Types as the kernel has them.
pub(crate) fn btf(fd: i32) -> io::Result<Vec<u8>> {
    let mut size = sys::bpf_btf_info::default();
    info(fd, &mut size)?;
    let mut bytes = vec![0_u8; size.btf_size as usize];
    let mut found =
        sys::bpf_btf_info { btf: bytes.as_mut_ptr() as u64, btf_size: size.btf_size, ..Default::default() };
    info(fd, &mut found)?;
    Ok(bytes)
}

fn text(name: &[c_char]) -> String {
    name.iter().take_while(|&&c| c != 0).map(|&c| char::from(c as u8)).collect()
}
