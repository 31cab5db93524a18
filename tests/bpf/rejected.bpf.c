// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// The second program reads through a pointer that may be NULL, which the verifier refuses.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("raw_tp/sched_switch")
int in_order(void *ctx)
{
	return 0;
}

SEC("raw_tp/sched_switch")
int unchecked(void *ctx)
{
	__u32 key = 1;
	__u64 *value = bpf_map_lookup_elem(&counts, &key);

	return *value;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
