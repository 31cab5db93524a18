// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Compiled without -g, so without type information. Programs and data do without it; maps do not.
//
// build-flags: -g0
// build-as: without_debug.bpf.o
// build-as: without_debug_map.bpf.o -DMAP
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

#ifdef MAP
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} cells SEC(".maps");
#endif

const volatile int constant = 42;
static int runs;

static __noinline int twice(int number)
{
	return number * 2 + runs++;
}

SEC("iter/bpf_map")
int dump(struct bpf_iter__bpf_map *ctx)
{
	if (ctx->meta->seq_num != 0)
		return 0;
#ifdef MAP
	__u32 key = 0;

	bpf_map_lookup_elem(&cells, &key);
#endif
	BPF_SEQ_PRINTF(ctx->meta->seq, "twice %d\n", twice(constant));
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
