// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Names that are keywords of Rust: of all editions, of the last one, and one that cannot be a raw identifier.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} match SEC(".maps");

SEC("iter/bpf_map")
int type(void *ctx)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&match, &key) ? 1 : 0;
}

SEC("iter/bpf_prog")
int gen(void *ctx)
{
	return 0;
}

SEC("iter/bpf_link")
int self(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
