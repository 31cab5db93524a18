//! The kernel writes nothing behind the size that it is passed, whatever comes of the command.
//!
//! It does so for some, such as `BPF_PROG_TEST_RUN`, which is why this is tested for each command in use.

#![allow(unsafe_code, reason = "the kernel is shown more memory than it may touch")]

use core::ffi::CStr;
use core::mem::offset_of;
use core::ptr;

use super::super::raw::{Call, syscall};
use super::super::{Errno, Fd};
use super::{
    Attr, BtfLoad, LinkCreate, LinkDetach, LinkUpdate, MapCreate, MapFreeze, MapUpdateElem, ObjGetInfoByFd,
    ObjPin, ProgGetFdById, ProgLoad, RawTracepointOpen, info,
};
use crate::testing::missing;

const ALIVE: u8 = 0xaa;
/// More than all of `union bpf_attr` in any kernel so far.
const LENGTH: usize = 512;

/// No descriptor has this number.
const NO_FD: u32 = u32::MAX;
const ARRAY: u32 = 2;
const SOCKET_FILTER: u32 = 1;
const RAW_TRACEPOINT: u32 = 17;
/// `r0 = 0; exit`.
const RETURN_0: [u64; 2] = [0xb7, 0x95];

#[repr(C)]
struct Guarded<A> {
    attr: A,
    canary: [u8; LENGTH],
}

/// A bpf(2) call that ends the test when anything behind `attr` has changed.
fn call<A: Attr>(attr: A) -> Result<usize, Errno> {
    const { assert!(offset_of!(Guarded<A>, canary) == size_of::<A>(), "a gap before the canary") };
    let mut guarded = Guarded { attr, canary: [ALIVE; LENGTH] };
    let args = [A::COMMAND as usize, ptr::from_mut(&mut guarded).expose_provenance(), size_of::<A>(), 0, 0];
    // SAFETY: the struct is laid out for its command, the addresses in it are those of live memory of the
    // test, and there is more of it than its size says.
    let result = unsafe { syscall(Call::Bpf, args) };
    let dead = guarded.canary.iter().position(|&byte| byte != ALIVE);
    assert_eq!(dead, None, "bpf command {} wrote behind its argument", A::COMMAND as u32);
    result
}

fn open<A: Attr>(attr: A) -> Result<Fd, Errno> {
    Fd::new(call(attr)?)
}

fn address<T: ?Sized>(value: &mut T) -> u64 {
    ptr::from_mut(value).cast::<u8>().expose_provenance() as u64
}

fn text(value: &'static CStr) -> u64 {
    value.as_ptr().expose_provenance() as u64
}

/// With a log, so that the kernel writes its true size back.
fn load_btf(btf: &mut [u32]) -> Result<Fd, Errno> {
    let mut log = [0_u8; 4096];
    open(BtfLoad {
        btf: address(btf),
        btf_size: size_of_val(btf) as u32,
        btf_log_buf: address(&mut log),
        btf_log_size: log.len() as u32,
        btf_log_level: 1,
        ..Default::default()
    })
}

/// With a log, as above.
fn load_program(prog_type: u32, insns: &mut [u64]) -> Result<Fd, Errno> {
    let mut log = [0_u8; 4096];
    open(ProgLoad {
        prog_type,
        insn_cnt: insns.len() as u32,
        insns: address(insns),
        license: text(c"GPL"),
        log_level: 1,
        log_size: log.len() as u32,
        log_buf: address(&mut log),
        ..Default::default()
    })
}

fn create_map() -> Fd {
    open(MapCreate { map_type: ARRAY, key_size: 4, value_size: 8, max_entries: 1, ..Default::default() })
        .unwrap()
}

/// `int`, and the string section with its name.
fn btf_of_int() -> [u32; 12] {
    let header = [0x0001_eb9f, 24, 0, 16, 16, 8];
    let int = [1, 1 << 24, 4, 32];
    let strings = [u32::from_le_bytes(*b"\0int"), 0];
    let mut btf = [0; 12];
    for (slot, word) in btf.iter_mut().zip(header.into_iter().chain(int).chain(strings)) {
        *slot = word;
    }
    btf
}

/// Type information always takes privilege, even where other commands do not.
fn privileged() -> bool {
    let privileged = load_btf(&mut btf_of_int()).map(drop) != Err(Errno::EPERM);
    if !privileged {
        missing("whether the kernel writes behind a bpf_attr", "CAP_BPF");
    }
    privileged
}

#[test]
fn type_information() {
    if privileged() {
        assert!(load_btf(&mut btf_of_int()).is_ok());
        assert_eq!(load_btf(&mut [0; 12]).map(drop), Err(Errno::EINVAL));
    }
}

#[test]
fn maps() {
    if !privileged() {
        return;
    }
    let map = create_map();
    let map_fd = map.raw() as u32;
    let (mut key, mut value) = (0_u32, 7_u64);
    let update = |key, value| MapUpdateElem { map_fd, key, value, ..Default::default() };
    assert_eq!(call(update(address(&mut key), address(&mut value))), Ok(0));
    assert_eq!(call(MapFreeze { map_fd }), Ok(0));
    assert_eq!(call(update(address(&mut key), address(&mut value))), Err(Errno::EPERM), "it is frozen");
    assert_eq!(call(MapFreeze { map_fd: NO_FD }), Err(Errno::EBADF));
    assert_eq!(open(MapCreate::default()).map(drop), Err(Errno::EINVAL));
}

#[test]
fn programs() {
    if privileged() {
        assert!(load_program(SOCKET_FILTER, &mut RETURN_0.clone()).is_ok());
        assert_eq!(
            load_program(SOCKET_FILTER, &mut [RETURN_0[0]]).map(drop),
            Err(Errno::EINVAL),
            "it does not end"
        );
    }
}

#[test]
fn links() {
    if !privileged() {
        return;
    }
    let program = load_program(RAW_TRACEPOINT, &mut RETURN_0.clone()).unwrap();
    let prog_fd = program.raw() as u32;
    let open_tracepoint =
        |name, prog_fd| open(RawTracepointOpen { name: text(name), prog_fd, ..Default::default() });
    let link = open_tracepoint(c"task_rename", prog_fd).unwrap();
    let link_fd = link.raw() as u32;
    let new = LinkUpdate { link_fd, new_prog_fd: prog_fd, ..Default::default() };
    assert_eq!(call(new), Err(Errno::EINVAL), "it keeps its program");
    assert!(call(LinkDetach { link_fd }).is_err(), "it goes with its last descriptor");
    let mut info = info::RawTracepoint::default();
    let (info_len, address) = (size_of_val(&info) as u32, address(&mut info));
    assert_eq!(call(ObjGetInfoByFd { bpf_fd: link_fd, info_len, info: address }), Ok(0));
    assert_eq!(info.name_len, 12, "`task_rename` and a NUL");
    let by_id = |prog_id| open(ProgGetFdById { prog_id, ..Default::default() });
    assert!(by_id(info.reserved_head[2]).is_ok());
    assert_eq!(by_id(u32::MAX).map(drop), Err(Errno::ENOENT));
    assert_eq!(open_tracepoint(c"no such tracepoint", prog_fd).map(drop), Err(Errno::ENOENT));
    assert_eq!(open_tracepoint(c"task_rename", NO_FD).map(drop), Err(Errno::EBADF));
    assert_eq!(open(LinkCreate { prog_fd: NO_FD, ..Default::default() }).map(drop), Err(Errno::EBADF));
    assert_eq!(open(LinkCreate { prog_fd, ..Default::default() }).map(drop), Err(Errno::EINVAL));
}

#[test]
fn objects() {
    if !privileged() {
        return;
    }
    let map = create_map();
    let bpf_fd = map.raw() as u32;
    let missing = text(c"/sys/fs/bpf/no such directory/map");
    assert_eq!(call(ObjPin { pathname: missing, bpf_fd, ..Default::default() }), Err(Errno::ENOENT));

    let mut info = [0_u32; 2];
    let get = |info_len, info| call(ObjGetInfoByFd { bpf_fd, info_len, info });
    assert_eq!(get(size_of_val(&info) as u32, address(&mut info)), Ok(0));
    assert_eq!(info[0], ARRAY);
}
