// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A set that may say too much: newer than the other maps.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct odd {
	__u8 bytes[5];
};

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 64);
	__type(value, struct odd);
} filter SEC(".maps");

SEC("raw_tp/sys_enter")
int look(void *ctx)
{
	struct odd value = { { 1 } };

	return bpf_map_peek_elem(&filter, &value) != 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
