// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Everything that linking moves: subprograms of all kinds, called by two programs and by each other, a callback, and data in
// all three sections. What the programs print tells whether each call and each address arrived where it should.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define KERNEL_TYPE __attribute__((preserve_access_index))

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 seq_num;
} KERNEL_TYPE;

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	void *map;
} KERNEL_TYPE;

struct bpf_iter__bpf_prog {
	struct bpf_iter_meta *meta;
	void *prog;
} KERNEL_TYPE;

const volatile int limit = 5;
static volatile const int hidden_limit = 11;
int start = 7;
static int moved = 40;
int seen;
static int runs;

static __noinline int twice(int value)
{
	return value + value + (hidden_limit - 11);
}

__noinline int add(int a, int b)
{
	return twice(a) - a + b;
}

__hidden __noinline int thrice(int value)
{
	return add(value, twice(value));
}

static long step(__u32 index, int *sum)
{
	*sum = add(*sum, index);
	return 0;
}

SEC("iter/bpf_map")
int through_maps(struct bpf_iter__bpf_map *ctx)
{
	int sum = 0;

	if (ctx->meta->seq_num != 0)
		return 0;
	seen = thrice(start);
	bpf_loop(limit, step, &sum, 0);
	runs++;
	BPF_SEQ_PRINTF(ctx->meta->seq, "thrice %d sum %d moved %d runs %d\n", seen, sum, moved++, runs);
	return 0;
}

SEC("iter/bpf_prog")
int through_progs(struct bpf_iter__bpf_prog *ctx)
{
	if (ctx->meta->seq_num != 0)
		return 0;
	BPF_SEQ_PRINTF(ctx->meta->seq, "thrice %d seen %d\n", thrice(limit), seen);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
