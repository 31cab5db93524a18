//! `union bpf_attr` of `linux/bpf.h`: one struct for each command, with the fields in use and those between
//! them.
//!
//! All of a struct is passed: a kernel that knows less takes it as long as what it does not know is zero
//! (`bpf_check_uarg_tail_zero`), and a kernel that writes back (the `*_true_size` fields) finds room. Tests
//! compare the layout with that of the running kernel (`witness`), and look for bytes written behind what was
//! passed (`canary`).

#[cfg(test)]
mod canary;
#[cfg(test)]
mod witness;

/// A command of bpf(2), `enum bpf_cmd`.
#[derive(Clone, Copy)]
pub(super) enum Command {
    MapCreate = 0,
    MapLookupElem = 1,
    MapUpdateElem = 2,
    MapDeleteElem = 3,
    MapGetNextKey = 4,
    ProgLoad = 5,
    ObjPin = 6,
    ObjGet = 7,
    ProgAttach = 8,
    ProgDetach = 9,
    ProgTestRun = 10,
    ProgGetFdById = 13,
    MapGetFdById = 14,
    ObjGetInfoByFd = 15,
    ProgQuery = 16,
    RawTracepointOpen = 17,
    BtfLoad = 18,
    BtfGetFdById = 19,
    MapLookupAndDeleteElem = 21,
    MapFreeze = 22,
    BtfGetNextId = 23,
    MapLookupBatch = 24,
    MapUpdateBatch = 26,
    MapDeleteBatch = 27,
    LinkCreate = 28,
    LinkUpdate = 29,
    LinkDetach = 34,
    ProgBindMap = 35,
    TokenCreate = 36,
}

/// A command's argument; the constant names the command.
///
/// # Safety
///
/// The type is `#[repr(C)]`, without padding, laid out as `union bpf_attr` is for `COMMAND`, and integers
/// throughout.
#[expect(unsafe_code, reason = "the kernel reads and writes the struct as raw bytes")]
pub(super) unsafe trait Attr {
    const COMMAND: Command;
}

/// The name of a field in C: what is said of it, or its own.
#[cfg(test)]
macro_rules! c_field {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $path:literal) => {
        $path
    };
}

// Behind the macro that it uses.
pub(super) mod info;

/// Defines the structs, and for tests the list of their layouts.
///
/// `in member` says which named struct of the union the fields are in, `= ".."` the name of a field in C where it is
/// another one, as in a union inside; a field called `reserved` fills a gap.
macro_rules! attrs {
    ($($name:ident = $command:ident $(in $member:ident)? { $($field:ident: $ty:ty $(= $path:literal)?,)* })*) => {
        $(
            #[derive(Default)]
            #[repr(C)]
            pub(super) struct $name {
                $(pub(super) $field: $ty,)*
            }

            // SAFETY: `#[repr(C)]` it is; the assertion below excludes padding; `witness` compares the
            // layout.
            #[expect(unsafe_code, reason = "the layout is what the trait asks for")]
            unsafe impl Attr for $name {
                const COMMAND: Command = Command::$command;
            }

            const _: () = assert!(size_of::<$name>() == 0 $(+ size_of::<$ty>())*, "padding in a bpf_attr");
        )*

        /// Each struct, empty, shown to the kernel.
        #[cfg(test)]
        const EMPTY: &[(&str, fn())] = &[$((stringify!($name), canary::show_empty::<$name>),)*];

        #[cfg(test)]
        const LAYOUTS: &[witness::Layout] = &[$(
            witness::Layout {
                c_type: "union bpf_attr",
                command: Some((stringify!($command), Command::$command as u32)),
                member: concat!($(stringify!($member), ".")?),
                fields: &[$((c_field!($field $($path)?), core::mem::offset_of!($name, $field), size_of::<$ty>()),)*],
            },
        )*];
    };
}

attrs! {
    MapCreate = MapCreate {
        map_type: u32,
        key_size: u32,
        value_size: u32,
        max_entries: u32,
        map_flags: u32,
        inner_map_fd: u32,
        numa_node: u32,
        map_name: [u8; 16],
        map_ifindex: u32,
        btf_fd: u32,
        btf_key_type_id: u32,
        btf_value_type_id: u32,
        btf_vmlinux_value_type_id: u32,
        map_extra: u64,
        value_type_btf_obj_fd: u32,
        map_token_fd: u32,
    }

    MapCreateExclusive = MapCreate {
        map_type: u32,
        key_size: u32,
        value_size: u32,
        max_entries: u32,
        map_flags: u32,
        inner_map_fd: u32,
        numa_node: u32,
        map_name: [u8; 16],
        map_ifindex: u32,
        btf_fd: u32,
        btf_key_type_id: u32,
        btf_value_type_id: u32,
        btf_vmlinux_value_type_id: u32,
        map_extra: u64,
        value_type_btf_obj_fd: u32,
        map_token_fd: u32,
        excl_prog_hash: u64,
        excl_prog_hash_size: u32,
        reserved: u32,
    }

    MapUpdateElem = MapUpdateElem {
        map_fd: u32,
        reserved: u32,
        key: u64,
        value: u64,
        flags: u64,
    }

    MapLookupElem = MapLookupElem {
        map_fd: u32,
        reserved: u32,
        key: u64,
        value: u64,
        flags: u64,
    }

    MapLookupAndDeleteElem = MapLookupAndDeleteElem {
        map_fd: u32,
        reserved: u32,
        key: u64,
        value: u64,
        flags: u64,
    }

    MapDeleteElem = MapDeleteElem {
        map_fd: u32,
        reserved: u32,
        key: u64,
    }

    MapGetNextKey = MapGetNextKey {
        map_fd: u32,
        reserved: u32,
        key: u64,
        next_key: u64,
    }

    MapLookupBatch = MapLookupBatch in batch {
        in_batch: u64,
        out_batch: u64,
        keys: u64,
        values: u64,
        count: u32,
        map_fd: u32,
        elem_flags: u64,
        flags: u64,
    }

    MapUpdateBatch = MapUpdateBatch in batch {
        in_batch: u64,
        out_batch: u64,
        keys: u64,
        values: u64,
        count: u32,
        map_fd: u32,
        elem_flags: u64,
        flags: u64,
    }

    MapDeleteBatch = MapDeleteBatch in batch {
        in_batch: u64,
        out_batch: u64,
        keys: u64,
        values: u64,
        count: u32,
        map_fd: u32,
        elem_flags: u64,
        flags: u64,
    }

    MapFreeze = MapFreeze {
        map_fd: u32,
    }

    ProgLoad = ProgLoad {
        prog_type: u32,
        insn_cnt: u32,
        insns: u64,
        license: u64,
        log_level: u32,
        log_size: u32,
        log_buf: u64,
        kern_version: u32,
        prog_flags: u32,
        prog_name: [u8; 16],
        prog_ifindex: u32,
        expected_attach_type: u32,
        prog_btf_fd: u32,
        func_info_rec_size: u32,
        func_info: u64,
        func_info_cnt: u32,
        line_info_rec_size: u32,
        line_info: u64,
        line_info_cnt: u32,
        attach_btf_id: u32,
        attach_btf_obj_fd: u32,
        core_relo_cnt: u32,
        fd_array: u64,
        core_relos: u64,
        core_relo_rec_size: u32,
        log_true_size: u32,
        prog_token_fd: u32,
        reserved: u32,
    }

    ProgLoadSigned = ProgLoad {
        prog_type: u32,
        insn_cnt: u32,
        insns: u64,
        license: u64,
        log_level: u32,
        log_size: u32,
        log_buf: u64,
        kern_version: u32,
        prog_flags: u32,
        prog_name: [u8; 16],
        reserved_attach: [u32; 4],
        reserved_records: [u64; 5],
        fd_array: u64,
        reserved_relocations: [u32; 5],
        fd_array_cnt: u32,
        signature: u64,
        signature_size: u32,
        keyring_id: i32,
    }

    ObjPin = ObjPin {
        pathname: u64,
        bpf_fd: u32,
        file_flags: u32,
        path_fd: u32,
        reserved: u32,
    }

    ObjGet = ObjGet {
        pathname: u64,
        bpf_fd: u32,
        file_flags: u32,
        path_fd: u32,
        reserved: u32,
    }

    ObjGetInfoByFd = ObjGetInfoByFd in info {
        bpf_fd: u32,
        info_len: u32,
        info: u64,
    }

    RawTracepointOpen = RawTracepointOpen in raw_tracepoint {
        name: u64,
        prog_fd: u32,
        reserved: u32,
        cookie: u64,
    }

    BtfLoad = BtfLoad {
        btf: u64,
        btf_log_buf: u64,
        btf_size: u32,
        btf_log_size: u32,
        btf_log_level: u32,
        btf_log_true_size: u32,
        btf_flags: u32,
        btf_token_fd: u32,
    }

    LinkCreate = LinkCreate in link_create {
        prog_fd: u32,
        target_fd: u32,
        attach_type: u32,
        flags: u32,
    }

    LinkCreateTracing = LinkCreate in link_create {
        prog_fd: u32,
        target_fd: u32,
        attach_type: u32,
        flags: u32,
        target_btf_id: u32 = "tracing.target_btf_id",
        reserved: u32,
        cookie: u64 = "tracing.cookie",
    }

    LinkCreatePerfEvent = LinkCreate in link_create {
        prog_fd: u32,
        target_fd: u32,
        attach_type: u32,
        flags: u32,
        bpf_cookie: u64 = "perf_event.bpf_cookie",
    }

    LinkCreateKprobeMulti = LinkCreate in link_create {
        prog_fd: u32,
        target_fd: u32,
        attach_type: u32,
        flags: u32,
        multi_flags: u32 = "kprobe_multi.flags",
        cnt: u32 = "kprobe_multi.cnt",
        syms: u64 = "kprobe_multi.syms",
        addrs: u64 = "kprobe_multi.addrs",
        cookies: u64 = "kprobe_multi.cookies",
    }

    LinkCreateUprobeMulti = LinkCreate in link_create {
        prog_fd: u32,
        target_fd: u32,
        attach_type: u32,
        flags: u32,
        path: u64 = "uprobe_multi.path",
        offsets: u64 = "uprobe_multi.offsets",
        ref_ctr_offsets: u64 = "uprobe_multi.ref_ctr_offsets",
        cookies: u64 = "uprobe_multi.cookies",
        cnt: u32 = "uprobe_multi.cnt",
        multi_flags: u32 = "uprobe_multi.flags",
        pid: u32 = "uprobe_multi.pid",
        reserved: u32,
    }

    LinkCreateTracingMulti = LinkCreate in link_create {
        prog_fd: u32,
        target_fd: u32,
        attach_type: u32,
        flags: u32,
        ids: u64 = "tracing_multi.ids",
        cookies: u64 = "tracing_multi.cookies",
        cnt: u32 = "tracing_multi.cnt",
        reserved: u32,
    }

    LinkCreateIterator = LinkCreate in link_create {
        prog_fd: u32,
        target_fd: u32,
        attach_type: u32,
        flags: u32,
        iter_info: u64,
        iter_info_len: u32,
        reserved: u32,
    }

    LinkUpdate = LinkUpdate in link_update {
        link_fd: u32,
        new_prog_fd: u32,
        flags: u32,
        old_prog_fd: u32,
    }

    LinkDetach = LinkDetach in link_detach {
        link_fd: u32,
    }

    ProgGetFdById = ProgGetFdById {
        prog_id: u32,
        next_id: u32,
        open_flags: u32,
    }

    MapGetFdById = MapGetFdById {
        map_id: u32,
        next_id: u32,
        open_flags: u32,
    }

    BtfGetNextId = BtfGetNextId {
        start_id: u32,
        next_id: u32,
    }

    BtfGetFdById = BtfGetFdById {
        btf_id: u32,
        next_id: u32,
        open_flags: u32,
    }

    ProgBindMap = ProgBindMap in prog_bind_map {
        prog_fd: u32,
        map_fd: u32,
        flags: u32,
    }

    TokenCreate = TokenCreate in token_create {
        flags: u32,
        bpffs_fd: u32,
    }
    LinkCreateOrdered = LinkCreate in link_create {
        prog_fd: u32,
        target_fd: u32,
        attach_type: u32,
        flags: u32,
        relative: u32 = "tcx.relative_fd",
        reserved: u32,
        expected_revision: u64 = "tcx.expected_revision",
    }

    LinkCreateNetfilter = LinkCreate in link_create {
        prog_fd: u32,
        target_fd: u32,
        attach_type: u32,
        flags: u32,
        pf: u32 = "netfilter.pf",
        hooknum: u32 = "netfilter.hooknum",
        priority: i32 = "netfilter.priority",
        netfilter_flags: u32 = "netfilter.flags",
    }

    ProgAttach = ProgAttach {
        target_fd: u32,
        attach_bpf_fd: u32,
        attach_type: u32,
        attach_flags: u32,
        replace_bpf_fd: u32,
    }

    ProgDetach = ProgDetach {
        target_fd: u32,
        attach_bpf_fd: u32,
        attach_type: u32,
    }

    ProgQuery = ProgQuery in query {
        target_fd: u32,
        attach_type: u32,
        query_flags: u32,
        attach_flags: u32,
        prog_ids: u64,
        count: u32,
        reserved: u32,
        prog_attach_flags: u64,
        link_ids: u64,
        link_attach_flags: u64,
        revision: u64,
    }

    ProgTestRun = ProgTestRun in test {
        prog_fd: u32,
        retval: u32,
        data_size_in: u32,
        data_size_out: u32,
        data_in: u64,
        data_out: u64,
        repeat: u32,
        duration: u32,
        ctx_size_in: u32,
        ctx_size_out: u32,
        ctx_in: u64,
        ctx_out: u64,
        flags: u32,
        cpu: u32,
        batch_size: u32,
        reserved: u32,
    }
}
