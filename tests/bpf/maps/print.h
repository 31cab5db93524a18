// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A program that prints once when its pin is read. The members it reads have not moved since 5.8.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#ifndef __ulong
#define __ulong(name, val) enum { ___bpf_concat(__unique_value, __COUNTER__) = val } name
#endif

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	void *map;
};

#define print(ctx, format, args...) BPF_SEQ_PRINTF((ctx)->meta->seq, format, ##args)
#define first(ctx) ((ctx)->map && (ctx)->meta->seq_num == 0)

char LICENSE[] SEC("license") = "Dual MIT/GPL";
