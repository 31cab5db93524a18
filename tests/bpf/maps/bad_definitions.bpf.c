// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Definitions that libbpf refuses, one mistake each.
#include "print.h"

#define array __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1)
#define u32s __type(key, __u32); __type(value, __u32)

struct inner {
	array;
	u32s;
};

static struct inner is_static SEC(".maps");
struct inner is_hidden SEC(".maps") __attribute__((visibility("hidden")));
struct { array; u32s; __uint(colour, 3); } unknown_member SEC(".maps");
struct { __uint(max_entries, 1); u32s; } without_type SEC(".maps");
struct { array; u32s; __uint(key_size, 8); } two_key_sizes SEC(".maps");
struct { array; u32s; __uint(value_size, 8); } two_value_sizes SEC(".maps");
struct { array; u32s; __uint(pinning, 2); } odd_pinning SEC(".maps");
struct { array; __type(key, __u32); __type(value, struct never_defined); } without_size SEC(".maps");
struct { array; u32s; __type(map_flags, __u32); } not_a_number SEC(".maps");
struct { array; u32s; __array(values, struct inner); } values_elsewhere SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); __uint(key_size, 4); __uint(max_entries, 1); } without_values SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(key_size, 4);
	struct inner *values[0];
	__uint(max_entries, 1);
} values_not_last SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(key_size, 4);
	__uint(value_size, 8);
	__uint(max_entries, 1);
	__array(values, struct inner);
} wide_values SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(key_size, 4);
	__uint(max_entries, 1);
	__array(values, int(void *));
} maps_as_functions SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(key_size, 4);
	__uint(max_entries, 1);
	__array(values, struct inner);
} functions_as_maps SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(key_size, 4);
	__uint(max_entries, 1);
	__array(values, struct {
		__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
		__uint(key_size, 4);
		__uint(max_entries, 1);
		__array(values, struct inner);
	});
} three_levels SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(key_size, 4);
	__uint(max_entries, 1);
	__array(values, struct { array; u32s; __uint(pinning, LIBBPF_PIN_BY_NAME); });
} pinned_inner SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(key_size, 4);
	__uint(max_entries, 1);
	__array(values, struct { u32s; });
} inner_without_type SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_STRUCT_OPS); __uint(max_entries, 1); u32s; } operations SEC(".maps");
int not_a_struct SEC(".maps");

SEC("iter/bpf_map")
int nothing(struct bpf_iter__bpf_map *ctx)
{
	__u32 key = 0;

	bpf_map_lookup_elem(&is_static, &key);
	return 0;
}
