//! Map types of the kernel, and what it wants of each.

use super::Map;
use crate::btf::Btf;

/// `BPF_MAP_TYPE_ARRAY`.
pub(super) const ARRAY: u32 = 2;
/// `BPF_MAP_TYPE_PROG_ARRAY`.
pub(super) const PROG_ARRAY: u32 = 3;
/// `BPF_MAP_TYPE_PERCPU_ARRAY`.
const PERCPU_ARRAY: u32 = 6;
/// `BPF_MAP_TYPE_LPM_TRIE`.
const LPM_TRIE: u32 = 11;

/// Map types that refuse BTF ids for key and value (libbpf drops them too): perf event, cgroup and stack
/// trace arrays, maps of maps, device, CPU, XSK and socket maps, queue, stack, arena.
const WITHOUT_BTF: [u32; 14] = [4, 7, 8, 12, 13, 14, 15, 16, 17, 18, 22, 23, 25, 33];
/// Map types that have no key, and so none with a type: ring buffers and bloom filter.
const WITHOUT_KEYS: [u32; 3] = [27, 30, 31];
/// `BPF_MAP_TYPE_ARRAY_OF_MAPS`.
pub(super) const ARRAY_OF_MAPS: u32 = 12;
/// `BPF_MAP_TYPE_HASH_OF_MAPS`.
pub(super) const HASH_OF_MAPS: u32 = 13;
/// `BPF_MAP_TYPE_STRUCT_OPS`.
pub(super) const STRUCT_OPS: u32 = 26;

/// `BPF_MAP_TYPE_ARENA`.
pub(super) const ARENA: u32 = 33;
/// Pages of an arena that no program has asked for are not there for user space either.
pub(super) const F_SEGV_ON_FAULT: u32 = 1 << 17;

/// Whether the values of a map are maps.
pub(super) fn is_map_of_maps(map_type: u32) -> bool {
    matches!(map_type, ARRAY_OF_MAPS | HASH_OF_MAPS)
}

/// Whether the kernel makes the map with the types of its key and value; the map is the same without them.
///
/// libbpf finds out by trying: it makes a map that was refused once more without. The rules are those of the
/// kernel's `map_check_btf` and of the map types' own.
pub(super) fn takes_types(btf: &Btf, map: &Map) -> bool {
    match map.map_type {
        map_type if WITHOUT_BTF.contains(&map_type) => false,
        map_type if WITHOUT_KEYS.contains(&map_type) => true,
        // A value alone is refused.
        _ if map.btf_key_type_id == 0 => false,
        ARRAY | PERCPU_ARRAY => btf.is_int32(map.btf_key_type_id),
        LPM_TRIE => btf.is_struct(map.btf_key_type_id),
        _ => true,
    }
}
