//! What `BPF_OBJ_GET_INFO_BY_FD` tells of links and programs: one struct for each kind of link, with the fields in use; and what
//! iterators are told.
//!
//! The kernel writes no more than the size it is passed, and leaves zero what it does not know.

#[cfg(test)]
use super::witness::Layout;

/// # Safety
///
/// The type is `#[repr(C)]`, without padding, and integers throughout.
#[expect(unsafe_code, reason = "the kernel writes the struct as raw bytes")]
pub(in crate::sys) unsafe trait Info: Default {}

/// As `attrs!`, for parts of the structs that the kernel fills in.
macro_rules! infos {
    ($($name:ident = $c_type:literal { $($field:ident: $ty:ty $(= $path:literal)?,)* })*) => {
        $(
            #[derive(Default)]
            #[repr(C)]
            pub(in crate::sys) struct $name {
                $(pub(in crate::sys) $field: $ty,)*
            }

            // SAFETY: `#[repr(C)]` it is, integers it holds; the assertion below excludes padding.
            #[expect(unsafe_code, reason = "the layout is what the trait asks for")]
            unsafe impl Info for $name {}

            const _: () = assert!(size_of::<$name>() == 0 $(+ size_of::<$ty>())*, "padding in an info struct");
        )*

        #[cfg(test)]
        pub(super) const LAYOUTS: &[Layout] = &[$(
            Layout {
                c_type: $c_type,
                command: None,
                member: "",
                fields: &[$((c_field!($field $($path)?), core::mem::offset_of!($name, $field), size_of::<$ty>()),)*],
            },
        )*];
    };
}

infos! {
    Btf = "struct bpf_btf_info" {
        btf: u64,
        btf_size: u32,
        id: u32,
        name: u64,
        name_len: u32,
        kernel_btf: u32,
    }

    Link = "struct bpf_link_info" {
        link_type: u32 = "type",
        id: u32,
        prog_id: u32,
        reserved: u32,
    }

    RawTracepoint = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        name: u64 = "raw_tracepoint.tp_name",
        name_len: u32 = "raw_tracepoint.tp_name_len",
        reserved: u32,
        cookie: u64 = "raw_tracepoint.cookie",
    }

    Tracing = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        attach_type: u32 = "tracing.attach_type",
        target_obj_id: u32 = "tracing.target_obj_id",
        target_btf_id: u32 = "tracing.target_btf_id",
        reserved: u32,
        cookie: u64 = "tracing.cookie",
    }

    Cgroup = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        cgroup_id: u64 = "cgroup.cgroup_id",
        attach_type: u32 = "cgroup.attach_type",
        reserved: u32,
    }

    Iterator = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        name: u64 = "iter.target_name",
        name_len: u32 = "iter.target_name_len",
        map_id: u32 = "iter.map.map_id",
        cgroup_id: u64 = "iter.cgroup.cgroup_id",
        order: u32 = "iter.cgroup.order",
        reserved: u32,
    }

    TaskIterator = "struct bpf_link_info" {
        reserved_head: [u32; 8],
        tid: u32 = "iter.task.tid",
        pid: u32 = "iter.task.pid",
    }

    IterateMap = "union bpf_iter_link_info" {
        map_fd: u32 = "map.map_fd",
    }

    IterateCgroup = "union bpf_iter_link_info" {
        order: u32 = "cgroup.order",
        cgroup_fd: u32 = "cgroup.cgroup_fd",
        cgroup_id: u64 = "cgroup.cgroup_id",
    }

    IterateTask = "union bpf_iter_link_info" {
        tid: u32 = "task.tid",
        pid: u32 = "task.pid",
        pid_fd: u32 = "task.pid_fd",
    }

    Netns = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        inode: u32 = "netns.netns_ino",
        attach_type: u32 = "netns.attach_type",
    }

    Xdp = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        ifindex: u32 = "xdp.ifindex",
    }

    StructOps = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        map_id: u32 = "struct_ops.map_id",
    }

    Netfilter = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        pf: u32 = "netfilter.pf",
        hooknum: u32 = "netfilter.hooknum",
        priority: i32 = "netfilter.priority",
        flags: u32 = "netfilter.flags",
    }

    KprobeMulti = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        addresses: u64 = "kprobe_multi.addrs",
        count: u32 = "kprobe_multi.count",
        flags: u32 = "kprobe_multi.flags",
        missed: u64 = "kprobe_multi.missed",
    }

    UprobeMulti = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        path: u64 = "uprobe_multi.path",
        reserved_arrays: [u64; 3],
        path_size: u32 = "uprobe_multi.path_size",
        count: u32 = "uprobe_multi.count",
        flags: u32 = "uprobe_multi.flags",
        pid: u32 = "uprobe_multi.pid",
    }

    TracingMulti = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        attach_type: u32 = "tracing_multi.attach_type",
        count: u32 = "tracing_multi.count",
        reserved_arrays: [u64; 4],
    }

    PerfEvent = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        event_type: u32 = "perf_event.type",
        reserved: u32,
    }

    Uprobe = "struct bpf_link_info" {
        reserved_head: [u32; 6],
        name: u64 = "perf_event.uprobe.file_name",
        name_len: u32 = "perf_event.uprobe.name_len",
        offset: u32 = "perf_event.uprobe.offset",
        cookie: u64 = "perf_event.uprobe.cookie",
    }

    Kprobe = "struct bpf_link_info" {
        reserved_head: [u32; 6],
        name: u64 = "perf_event.kprobe.func_name",
        name_len: u32 = "perf_event.kprobe.name_len",
        offset: u32 = "perf_event.kprobe.offset",
        address: u64 = "perf_event.kprobe.addr",
        missed: u64 = "perf_event.kprobe.missed",
        cookie: u64 = "perf_event.kprobe.cookie",
    }

    Tracepoint = "struct bpf_link_info" {
        reserved_head: [u32; 6],
        name: u64 = "perf_event.tracepoint.tp_name",
        name_len: u32 = "perf_event.tracepoint.name_len",
        reserved: u32,
        cookie: u64 = "perf_event.tracepoint.cookie",
    }

    Event = "struct bpf_link_info" {
        reserved_head: [u32; 6],
        config: u64 = "perf_event.event.config",
        kind: u32 = "perf_event.event.type",
        reserved: u32,
        cookie: u64 = "perf_event.event.cookie",
    }

    Tcx = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        ifindex: u32 = "tcx.ifindex",
        attach_type: u32 = "tcx.attach_type",
    }

    Sockmap = "struct bpf_link_info" {
        reserved_head: [u32; 4],
        map_id: u32 = "sockmap.map_id",
        attach_type: u32 = "sockmap.attach_type",
    }

    Map = "struct bpf_map_info" {
        reserved_head: [u64; 11],
        hash: u64,
        hash_size: u32,
        reserved: u32,
    }

    Program = "struct bpf_prog_info" {
        program_type: u32 = "type",
        id: u32,
        tag: [u8; 8],
        jited_prog_len: u32,
        xlated_prog_len: u32,
        reserved_insns: [u64; 2],
        load_time: u64,
        created_by_uid: u32,
        nr_map_ids: u32,
        map_ids: u64,
        name: [u8; 16],
        ifindex: u32,
        reserved_bits: u32,
        reserved_netns: [u64; 2],
        reserved_jited: [u64; 3],
        btf_id: u32,
        reserved_records: [u32; 15],
        run_time_ns: u64,
        run_cnt: u64,
        recursion_misses: u64,
        verified_insns: u32,
        reserved: u32,
    }
}

/// Constants of the kernel's, and for tests the list of them.
macro_rules! constants {
    ($($name:ident = $number:literal)*) => {
        $(pub(in crate::sys) const $name: u32 = $number;)*

        #[cfg(test)]
        pub(super) const CONSTANTS: &[(&str, u32)] = &[$((concat!("BPF_", stringify!($name)), $number)),*];
    };
}

constants! {
    LINK_TYPE_RAW_TRACEPOINT = 1
    LINK_TYPE_TRACING = 2
    LINK_TYPE_CGROUP = 3
    LINK_TYPE_ITER = 4
    LINK_TYPE_NETNS = 5
    LINK_TYPE_XDP = 6
    LINK_TYPE_PERF_EVENT = 7
    LINK_TYPE_KPROBE_MULTI = 8
    LINK_TYPE_STRUCT_OPS = 9
    LINK_TYPE_NETFILTER = 10
    LINK_TYPE_TCX = 11
    LINK_TYPE_UPROBE_MULTI = 12
    LINK_TYPE_NETKIT = 13
    LINK_TYPE_SOCKMAP = 14
    LINK_TYPE_TRACING_MULTI = 15
    PERF_EVENT_UPROBE = 1
    PERF_EVENT_URETPROBE = 2
    PERF_EVENT_KPROBE = 3
    PERF_EVENT_KRETPROBE = 4
    PERF_EVENT_TRACEPOINT = 5
    PERF_EVENT_EVENT = 6
}
