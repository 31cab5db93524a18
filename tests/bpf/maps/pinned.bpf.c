// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Maps that objects share by the pins of their names: those that the kernel or libbpf make something else of than is written.
// The third object has a program that no verifier takes.
// build-as: pinned.bpf.o
// build-as: pinned_too.bpf.o
// build-as: pinned_in_vain.bpf.o -DREJECTED
#include "print.h"

#define PINNED __uint(pinning, LIBBPF_PIN_BY_NAME)

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
	PINNED;
} visits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 5000);
	PINNED;
} shared_ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1001);
	__uint(map_flags, BPF_F_NO_COMMON_LRU);
	__type(key, __u32);
	__type(value, __u32);
	PINNED;
} shared_lru SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
	PINNED;
} shared_devices SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
	PINNED;
} shared_events SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} own SEC(".maps");

/* What is in its slots is whatever the object that comes first puts there. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	PINNED;
	__array(values, struct inner);
} shared_slots SEC(".maps") = { .values = { &own } };

SEC("iter/bpf_map")
int visit(struct bpf_iter__bpf_map *ctx)
{
	__u32 key = 0;
	__u64 one = 1, *count;

	if (!first(ctx))
		return 0;
	count = bpf_map_lookup_elem(&visits, &key);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&visits, &key, &one, BPF_ANY);
#ifdef REJECTED
	print(ctx, "%llu\n", *count);
#else
	print(ctx, "visit %llu\n", count ? *count : 1);
#endif
	return 0;
}
