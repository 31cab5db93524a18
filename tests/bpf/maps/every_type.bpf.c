// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A map of each type there is, with the types of its keys and values wherever a definition can give them; by the kernel that
// has them.
// build-as: types_5_10.bpf.o
// build-as: types_5_16.bpf.o -DTYPES_5_16
// build-as: types_6_1.bpf.o -DTYPES_6_1
// build-as: types_6_2.bpf.o -DTYPES_6_2
// build-as: inode_storage.bpf.o -DINODE_STORAGE
// build-as: xsk.bpf.o -DXSK
#include "print.h"

#define entries(n) __uint(max_entries, n)
#define map(name, map_type, members...)                                                                       \
	struct {                                                                                              \
		__uint(type, map_type);                                                                       \
		members;                                                                                      \
	} name SEC(".maps")
#define u32s __type(key, __u32); __type(value, __u32)
#define storage __uint(map_flags, BPF_F_NO_PREALLOC); __type(key, int); __type(value, struct counts)

struct counts {
	__u64 seen, dropped;
};

struct prefix {
	__u32 length;
	__u32 address;
};

#if defined(TYPES_5_16)
map(task_storage, BPF_MAP_TYPE_TASK_STORAGE, storage);
map(bloom_filter, BPF_MAP_TYPE_BLOOM_FILTER, entries(64); __type(value, __u64); __uint(map_extra, 3));
#elif defined(TYPES_6_1)
map(user_ringbuf, BPF_MAP_TYPE_USER_RINGBUF, entries(4096));
#elif defined(TYPES_6_2)
map(cgrp_storage, 32, storage);
#elif defined(INODE_STORAGE)
map(inode_storage, BPF_MAP_TYPE_INODE_STORAGE, storage);
#elif defined(XSK)
map(xskmap, BPF_MAP_TYPE_XSKMAP, entries(4); u32s);
#else
struct inner {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
};

map(hash, BPF_MAP_TYPE_HASH, entries(4); __type(key, struct prefix); __type(value, struct counts));
map(array, BPF_MAP_TYPE_ARRAY, entries(4); __type(key, __u32); __type(value, struct counts));
map(prog_array, BPF_MAP_TYPE_PROG_ARRAY, entries(4); u32s);
map(perf_event_array, BPF_MAP_TYPE_PERF_EVENT_ARRAY, u32s);
map(percpu_hash, BPF_MAP_TYPE_PERCPU_HASH, entries(4); __type(key, __u64); __type(value, struct counts));
map(percpu_array, BPF_MAP_TYPE_PERCPU_ARRAY, entries(4); __type(key, __u32); __type(value, struct counts));
map(stack_trace, BPF_MAP_TYPE_STACK_TRACE, entries(4); __type(key, __u32); __type(value, __u64[127]));
map(cgroup_array, BPF_MAP_TYPE_CGROUP_ARRAY, entries(4); u32s);
map(lru_hash, BPF_MAP_TYPE_LRU_HASH, entries(4); u32s);
map(lru_percpu_hash, BPF_MAP_TYPE_LRU_PERCPU_HASH, entries(4); u32s);
map(lpm_trie, BPF_MAP_TYPE_LPM_TRIE, entries(4); __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct prefix); __type(value, struct counts));
map(array_of_maps, BPF_MAP_TYPE_ARRAY_OF_MAPS, entries(4); u32s; __array(values, struct inner));
map(hash_of_maps, BPF_MAP_TYPE_HASH_OF_MAPS, entries(4); __type(key, __u64); __array(values, struct inner));
map(devmap, BPF_MAP_TYPE_DEVMAP, entries(4); u32s);
map(sockmap, BPF_MAP_TYPE_SOCKMAP, entries(4); u32s);
map(cpumap, BPF_MAP_TYPE_CPUMAP, entries(1); u32s);
map(sockhash, BPF_MAP_TYPE_SOCKHASH, entries(4); u32s);
map(cgroup_storage, BPF_MAP_TYPE_CGROUP_STORAGE, __type(key, struct bpf_cgroup_storage_key); __type(value, struct counts));
map(reuseport_sockarray, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, entries(4); __type(key, __u32); __type(value, __u64));
map(percpu_cgroup_storage, BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE, __type(key, __u64); __type(value, struct counts));
map(queue, BPF_MAP_TYPE_QUEUE, entries(4); __type(value, struct counts));
map(stack, BPF_MAP_TYPE_STACK, entries(4); __type(value, struct counts));
map(sk_storage, BPF_MAP_TYPE_SK_STORAGE, storage);
map(devmap_hash, BPF_MAP_TYPE_DEVMAP_HASH, entries(4); u32s);
map(ringbuf, BPF_MAP_TYPE_RINGBUF, entries(4096));
#endif

SEC("iter/bpf_map")
int nothing(struct bpf_iter__bpf_map *ctx)
{
	return 0;
}
