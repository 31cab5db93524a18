//! `union bpf_attr`, as far as a loader fills it in: offsets in bytes of `include/uapi/linux/bpf.h`.

/// The fields of a command's attribute, as they are known at compile time.
pub(super) struct Attr(Vec<u8>);

impl Attr {
    pub(super) fn new(size: usize) -> Self {
        Self(vec![0; size])
    }

    pub(super) fn word(mut self, offset: i16, value: u32) -> Self {
        self.put(offset, &value.to_le_bytes());
        self
    }

    pub(super) fn double(mut self, offset: i16, value: u64) -> Self {
        self.put(offset, &value.to_le_bytes());
        self
    }

    /// A name of at most 15 bytes.
    pub(super) fn name(mut self, offset: i16, name: &str) -> Self {
        self.put(offset, name.as_bytes());
        self
    }

    fn put(&mut self, offset: i16, bytes: &[u8]) {
        let start = offset as usize;
        self.0[start..start + bytes.len()].copy_from_slice(bytes);
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// `BPF_MAP_CREATE`, up to `map_extra`.
pub(super) mod map_create {
    pub(in super::super) const COMMAND: i32 = 0;
    pub(in super::super) const SIZE: usize = 72;
    pub(in super::super) const MAP_TYPE: i16 = 0;
    pub(in super::super) const KEY_SIZE: i16 = 4;
    pub(in super::super) const VALUE_SIZE: i16 = 8;
    pub(in super::super) const MAX_ENTRIES: i16 = 12;
    pub(in super::super) const MAP_FLAGS: i16 = 16;
    pub(in super::super) const INNER_MAP_FD: i16 = 20;
    pub(in super::super) const NUMA_NODE: i16 = 24;
    pub(in super::super) const MAP_NAME: i16 = 28;
    pub(in super::super) const BTF_FD: i16 = 48;
    pub(in super::super) const BTF_KEY_TYPE_ID: i16 = 52;
    pub(in super::super) const BTF_VALUE_TYPE_ID: i16 = 56;
    pub(in super::super) const MAP_EXTRA: i16 = 64;
}

/// `BPF_MAP_UPDATE_ELEM`.
pub(super) mod map_update {
    pub(in super::super) const COMMAND: i32 = 2;
    pub(in super::super) const SIZE: usize = 32;
    pub(in super::super) const MAP_FD: i16 = 0;
    pub(in super::super) const KEY: i16 = 8;
    pub(in super::super) const VALUE: i16 = 16;
}

/// `BPF_MAP_FREEZE`.
pub(super) mod map_freeze {
    pub(in super::super) const COMMAND: i32 = 22;
    pub(in super::super) const SIZE: usize = 4;
    pub(in super::super) const MAP_FD: i16 = 0;
}

/// `BPF_BTF_LOAD`, up to `btf_log_level`.
pub(super) mod btf_load {
    pub(in super::super) const COMMAND: i32 = 18;
    pub(in super::super) const SIZE: usize = 28;
    pub(in super::super) const BTF: i16 = 0;
    pub(in super::super) const LOG_BUF: i16 = 8;
    pub(in super::super) const BTF_SIZE: i16 = 16;
    pub(in super::super) const LOG_SIZE: i16 = 20;
    pub(in super::super) const LOG_LEVEL: i16 = 24;
}

/// `BPF_PROG_LOAD`, up to `core_relo_rec_size`.
pub(super) mod prog_load {
    pub(in super::super) const COMMAND: i32 = 5;
    pub(in super::super) const SIZE: usize = 140;
    pub(in super::super) const PROG_TYPE: i16 = 0;
    pub(in super::super) const INSN_CNT: i16 = 4;
    pub(in super::super) const INSNS: i16 = 8;
    pub(in super::super) const LICENSE: i16 = 16;
    pub(in super::super) const LOG_LEVEL: i16 = 24;
    pub(in super::super) const LOG_SIZE: i16 = 28;
    pub(in super::super) const LOG_BUF: i16 = 32;
    pub(in super::super) const PROG_FLAGS: i16 = 44;
    pub(in super::super) const PROG_NAME: i16 = 48;
    pub(in super::super) const EXPECTED_ATTACH_TYPE: i16 = 68;
    pub(in super::super) const PROG_BTF_FD: i16 = 72;
    pub(in super::super) const FUNC_INFO_REC_SIZE: i16 = 76;
    pub(in super::super) const FUNC_INFO: i16 = 80;
    pub(in super::super) const FUNC_INFO_CNT: i16 = 88;
    pub(in super::super) const LINE_INFO_REC_SIZE: i16 = 92;
    pub(in super::super) const LINE_INFO: i16 = 96;
    pub(in super::super) const LINE_INFO_CNT: i16 = 104;
    pub(in super::super) const ATTACH_BTF_ID: i16 = 108;
    pub(in super::super) const ATTACH_BTF_OBJ_FD: i16 = 112;
    pub(in super::super) const CORE_RELO_CNT: i16 = 116;
    pub(in super::super) const FD_ARRAY: i16 = 120;
    pub(in super::super) const CORE_RELOS: i16 = 128;
    pub(in super::super) const CORE_RELO_REC_SIZE: i16 = 136;
}
