// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// An iterator that needs nothing of newer kernels: no CO-RE, since the members it reads have not moved since 5.8.
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

SEC("iter/bpf_map")
int count_maps(struct bpf_iter__bpf_map *ctx)
{
	if (ctx->map)
		BPF_SEQ_PRINTF(ctx->meta->seq, "map %llu\n", ctx->meta->seq_num);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
