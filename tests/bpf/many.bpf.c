// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Several programs and several maps, for the tests of what a preload leaves when it is interrupted.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct bpf_iter_meta {
	struct seq_file *seq;
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
} many_state SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} many_table SEC(".maps");

__u64 hits;

SEC("iter/bpf_map")
int many_list(struct bpf_iter__bpf_map *ctx)
{
	if (ctx->map)
		BPF_SEQ_PRINTF(ctx->meta->seq, "map\n");
	return 0;
}

SEC("raw_tp/sched_switch")
int many_switch(void *ctx)
{
	__sync_fetch_and_add(&hits, 1);
	return 0;
}

SEC("tp_btf/sched_switch")
int many_typed(void *ctx)
{
	return 0;
}

SEC("raw_tp/sched_process_exit")
int many_exit(void *ctx)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&many_table, &key) && bpf_map_lookup_elem(&many_state, &key);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
