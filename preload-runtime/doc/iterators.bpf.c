// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// The object of the crate's documentation: one iterator and one map.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	void *map;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} reads SEC(".maps");

SEC("iter/bpf_map")
int dump_bpf_map(struct bpf_iter__bpf_map *ctx)
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&reads, &key);

	if (ctx->map) {
		BPF_SEQ_PRINTF(ctx->meta->seq, "map number %llu\n", ctx->meta->seq_num);
		return 0;
	}
	// The call after the last map carries none: one reading is done.
	if (count)
		*count += 1;
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
