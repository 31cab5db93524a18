// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A map with the name that the field of a data section has.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile int limit = 3;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} rodata SEC(".maps");

SEC("iter/bpf_map")
int dump(void *ctx)
{
	__u32 key = limit;

	return bpf_map_lookup_elem(&rodata, &key) ? 1 : 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
