/* SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only */
/* What an iterator over maps is given, as far as these programs print to it. */
#pragma once
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct seq_file;
struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};
struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	void *map;
};

/* Each program prints once: at the first map, and not at the end, where there is none. */
static __always_inline int is_first(struct bpf_iter__bpf_map *ctx)
{
	return ctx->map && ctx->meta->seq_num == 0;
}
