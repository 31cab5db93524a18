// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Maps in maps, given in the source: an array with a gap that stands before its inner maps, and a hash.
#include "print.h"

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
};

extern struct inner one, two;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} by_index SEC(".maps") = { .values = { &two, 0, &one } };

struct inner one SEC(".maps");
struct inner two SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
	__array(values, struct {
		__uint(type, BPF_MAP_TYPE_RINGBUF);
		__uint(max_entries, 5000);
	});
} rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__array(values, struct inner);
} by_key SEC(".maps") = { .values = { [1] = &one, [3] = &two } };

static __u64 *in(void *outer, __u32 slot)
{
	__u32 index = 1;
	void *map = bpf_map_lookup_elem(outer, &slot);

	return map ? bpf_map_lookup_elem(map, &index) : 0;
}

SEC("iter/bpf_map")
int show(struct bpf_iter__bpf_map *ctx)
{
	__u32 index = 1;
	__u64 *value;

	if (!first(ctx))
		return 0;
	if ((value = bpf_map_lookup_elem(&one, &index)))
		*value = 11;
	if ((value = bpf_map_lookup_elem(&two, &index)))
		*value = 22;
	for (__u32 slot = 0; slot < 4; slot++) {
		__u64 *indexed = in(&by_index, slot), *keyed = in(&by_key, slot);

		print(ctx, "%u: %llu %llu\n", slot, indexed ? *indexed : 0, keyed ? *keyed : 0);
	}
	return 0;
}
