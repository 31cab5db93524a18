// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// The other file of two_files.bpf.c.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_iter__bpf_prog {
	struct bpf_iter_meta *meta;
	void *prog;
};

extern struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} shared SEC(".maps");

int counter = 7;

static int private = 200;

static __noinline int own(int number)
{
	return number - private++;
}

__noinline int other_private(void)
{
	return own(1000);
}

__hidden __noinline int hidden_in_other(int number)
{
	volatile int twice = number * 2;

	return twice + counter;
}

__noinline int chosen(void)
{
	volatile int number = 2;

	return number;
}

SEC("iter/bpf_prog")
int second(struct bpf_iter__bpf_prog *ctx)
{
	__u32 key = 1;
	__u64 value = 55;

	if (ctx->meta->seq_num != 0)
		return 0;
	bpf_map_update_elem(&shared, &key, &value, BPF_ANY);
	BPF_SEQ_PRINTF(ctx->meta->seq, "counter %d chosen %d\n", counter, chosen());
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
