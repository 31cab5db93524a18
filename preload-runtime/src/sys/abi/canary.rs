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
    Attr, BtfGetFdById, BtfGetNextId, BtfLoad, EMPTY, LinkCreate, LinkCreateIterator, LinkCreateKprobeMulti,
    LinkCreateNetfilter, LinkCreateOrdered, LinkCreatePerfEvent, LinkCreateTracing, LinkCreateTracingMulti,
    LinkCreateUprobeMulti, LinkDetach, LinkUpdate, MapCreate, MapDeleteBatch, MapDeleteElem, MapFreeze,
    MapGetNextKey, MapLookupAndDeleteElem, MapLookupBatch, MapLookupElem, MapUpdateBatch, MapUpdateElem,
    ObjGet, ObjGetInfoByFd, ObjPin, ProgAttach, ProgBindMap, ProgDetach, ProgGetFdById, ProgLoad, ProgQuery,
    ProgTestRun, RawTracepointOpen, info,
};
use crate::testing::missing;

const ALIVE: u8 = 0xaa;
/// More than all of `union bpf_attr` in any kernel so far.
const LENGTH: usize = 512;

/// No descriptor has this number.
const NO_FD: u32 = u32::MAX;
const HASH: u32 = 1;
const ARRAY: u32 = 2;
const QUEUE: u32 = 22;
/// `enum bpf_attach_type`.
const LIRC: u32 = 16;
const TRACE_FENTRY: u32 = 24;
const TRACE_ITER: u32 = 28;
const PERF_EVENT: u32 = 41;
const KPROBE_MULTI: u32 = 42;
const NETFILTER: u32 = 45;
const TCX_INGRESS: u32 = 46;
const UPROBE_MULTI: u32 = 48;
/// `BPF_TRACE_FENTRY_MULTI`.
const FENTRY_MULTI: u32 = 59;
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

/// A call with nothing in it, which most commands refuse. None of them does any harm: an address of 0 is not followed, and
/// descriptor 0 is no object of bpf(2).
pub(super) fn show_empty<A: Attr + Default>() {
    // Whatever comes of it: nothing that makes a descriptor takes nothing.
    let _ = call(A::default());
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

/// None is left out: the list is made where the structs are.
#[test]
fn every_command_with_nothing_in_it() {
    if privileged() {
        assert!(EMPTY.len() > 30, "the list of structs is not complete");
        EMPTY.iter().for_each(|(_, show)| show());
    }
}

#[test]
fn elements() {
    if !privileged() {
        return;
    }
    let map =
        open(MapCreate { map_type: HASH, key_size: 4, value_size: 8, max_entries: 4, ..Default::default() });
    let map = map.unwrap();
    let map_fd = map.raw() as u32;
    let (mut key, mut next, mut value) = (1_u32, 0_u32, 7_u64);
    let (key, next, value) = (address(&mut key), address(&mut next), address(&mut value));
    assert_eq!(call(MapUpdateElem { map_fd, key, value, ..Default::default() }), Ok(0));
    assert_eq!(call(MapLookupElem { map_fd, key, value, ..Default::default() }), Ok(0));
    assert_eq!(call(MapGetNextKey { map_fd, next_key: next, ..Default::default() }), Ok(0));
    assert_eq!(call(MapGetNextKey { map_fd, key, next_key: next, ..Default::default() }), Err(Errno::ENOENT));
    assert_eq!(call(MapDeleteElem { map_fd, key, ..Default::default() }), Ok(0));
    assert_eq!(call(MapLookupElem { map_fd, key, value, ..Default::default() }), Err(Errno::ENOENT));

    // These write back how many there were.
    let (mut keys, mut values, mut out_batch) = ([1_u32, 2], [3_u64, 4], [0_u32; 2]);
    let (keys, values, out_batch) = (address(&mut keys), address(&mut values), address(&mut out_batch));
    let update = MapUpdateBatch { map_fd, keys, values, count: 2, ..Default::default() };
    assert_eq!(call(update), Ok(0));
    let lookup = MapLookupBatch { map_fd, keys, values, out_batch, count: 4, ..Default::default() };
    assert!(matches!(call(lookup), Ok(0) | Err(Errno::ENOENT)), "the last batch");
    let delete = MapDeleteBatch { map_fd, keys, values, count: 2, ..Default::default() };
    assert_eq!(call(delete), Ok(0));

    let queue =
        open(MapCreate { map_type: QUEUE, value_size: 8, max_entries: 4, ..Default::default() }).unwrap();
    let map_fd = queue.raw() as u32;
    assert_eq!(call(MapUpdateElem { map_fd, value, ..Default::default() }), Ok(0));
    assert_eq!(call(MapLookupAndDeleteElem { map_fd, value, ..Default::default() }), Ok(0));
    assert_eq!(call(MapLookupAndDeleteElem { map_fd, value, ..Default::default() }), Err(Errno::ENOENT));
}

/// With results that the kernel writes back.
#[test]
fn runs_and_queries() {
    if !privileged() {
        return;
    }
    let program = load_program(SOCKET_FILTER, &mut RETURN_0.clone()).unwrap();
    let prog_fd = program.raw() as u32;
    let mut packet = [0_u8; 64];
    let (data_in, data_size_in) = (address(&mut packet), packet.len() as u32);
    assert_eq!(call(ProgTestRun { prog_fd, data_in, data_size_in, repeat: 1, ..Default::default() }), Ok(0));
    assert!(call(ProgTestRun { prog_fd: NO_FD, ..Default::default() }).is_err());

    // The loopback interface; kernels before 6.6 have no tcx.
    let query = ProgQuery { target_fd: 1, attach_type: TCX_INGRESS, ..Default::default() };
    assert!(matches!(call(query), Ok(0) | Err(Errno::EINVAL | Errno::ENOENT)), "the programs at tcx");

    let map = create_map();
    let bind = ProgBindMap { prog_fd, map_fd: map.raw() as u32, ..Default::default() };
    assert_eq!(call(bind), Ok(0));

    assert_eq!(call(BtfGetNextId::default()), Ok(0));
    assert_eq!(
        call(BtfGetNextId { start_id: i32::MAX as u32 - 1, ..Default::default() }),
        Err(Errno::ENOENT)
    );
    assert!(open(BtfGetFdById { btf_id: 1, ..Default::default() }).is_ok(), "the kernel's own");
    assert_eq!(open(BtfGetFdById { btf_id: u32::MAX, ..Default::default() }).map(drop), Err(Errno::ENOENT));
}

/// Of every kind, for a program that has none of them: the kernel reads all of the argument before it refuses.
#[test]
fn links_of_other_kinds() {
    if !privileged() {
        return;
    }
    let program = load_program(SOCKET_FILTER, &mut RETURN_0.clone()).unwrap();
    let prog_fd = program.raw() as u32;
    let refused = |result: Result<usize, Errno>| assert!(result.is_err());
    refused(call(LinkCreateTracing { prog_fd, attach_type: TRACE_FENTRY, cookie: 1, ..Default::default() }));
    refused(call(LinkCreatePerfEvent {
        prog_fd,
        attach_type: PERF_EVENT,
        bpf_cookie: 1,
        ..Default::default()
    }));
    refused(call(LinkCreateKprobeMulti { prog_fd, attach_type: KPROBE_MULTI, cnt: 1, ..Default::default() }));
    refused(call(LinkCreateTracingMulti {
        prog_fd,
        attach_type: FENTRY_MULTI,
        cnt: 1,
        ..Default::default()
    }));
    refused(call(LinkCreateUprobeMulti { prog_fd, attach_type: UPROBE_MULTI, cnt: 1, ..Default::default() }));
    refused(call(LinkCreateIterator { prog_fd, attach_type: TRACE_ITER, ..Default::default() }));
    refused(call(LinkCreateOrdered {
        prog_fd,
        target_fd: 1,
        attach_type: TCX_INGRESS,
        ..Default::default()
    }));
    refused(call(LinkCreateNetfilter { prog_fd, attach_type: NETFILTER, pf: 2, ..Default::default() }));
    refused(call(ProgAttach {
        target_fd: NO_FD,
        attach_bpf_fd: prog_fd,
        attach_type: LIRC,
        ..Default::default()
    }));
    refused(call(ProgDetach { target_fd: NO_FD, attach_bpf_fd: prog_fd, attach_type: LIRC }));
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
    assert_eq!(open(ObjGet { pathname: missing, ..Default::default() }).map(drop), Err(Errno::ENOENT));

    let mut info = [0_u32; 2];
    let get = |info_len, info| call(ObjGetInfoByFd { bpf_fd, info_len, info });
    assert_eq!(get(size_of_val(&info) as u32, address(&mut info)), Ok(0));
    assert_eq!(info[0], ARRAY);
}
