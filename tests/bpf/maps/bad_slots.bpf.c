// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Slots that cannot be filled as the source says, one mistake each.
#include "print.h"

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
};

struct inner here SEC(".maps");
struct inner elsewhere;
int subprogram(void *ctx);
int program(struct bpf_iter__bpf_map *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u64);
	__array(values, struct inner);
} wide_keys SEC(".maps") = { .values = { &here } };

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct inner);
} too_many SEC(".maps") = { .values = { 0, &here } };

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct inner);
} not_in_maps SEC(".maps") = { .values = { &elsewhere } };

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__array(values, int(void *));
} not_a_program SEC(".maps") = { .values = { &subprogram } };

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} initialised SEC(".maps") = { .max_entries = (void *)&here };

__attribute__((noinline)) int subprogram(void *ctx)
{
	return ctx != 0;
}

SEC("iter/bpf_map")
int program(struct bpf_iter__bpf_map *ctx)
{
	return subprogram(ctx) - 1;
}
