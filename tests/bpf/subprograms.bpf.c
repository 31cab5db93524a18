// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// All that linking has to follow: subprograms of every visibility, called from two programs and from each other, a
// callback whose address is taken, data in every section, and CO-RE in programs and subprograms.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define KERNEL_TYPE __attribute__((preserve_access_index))

struct bpf_iter_meta {
	__u64 seq_num;
} KERNEL_TYPE;

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
} KERNEL_TYPE;

static volatile const int private_constant = 3;
const volatile int constant = 5;
static volatile int private_value = 7;
int value = 11;
static volatile int private_zero;
int zero;
int hidden_value __hidden = 13;

// Not called by any program: it goes into none.
__attribute__((noinline)) int unused(int number)
{
	return number * constant;
}

static __attribute__((noinline)) int leaf(int number)
{
	return number * private_constant + constant;
}

__attribute__((noinline)) int visible(int number)
{
	return leaf(number) + leaf(value) + private_value;
}

__hidden __attribute__((noinline)) int hidden(int number)
{
	return visible(number) - hidden_value;
}

static long callback(__u64 index, void *context)
{
	private_zero += leaf(index);
	return 0;
}

static __attribute__((noinline)) __u64 number(struct bpf_iter_meta *meta)
{
	return meta->seq_num;
}

SEC("iter/task")
int first(struct bpf_iter__task *ctx)
{
	bpf_loop(4, callback, 0, 0);
	zero = hidden(number(ctx->meta));
	return 0;
}

SEC("iter/task")
int second(struct bpf_iter__task *ctx)
{
	__u64 seq_num = ctx->meta->seq_num;

	zero = leaf(seq_num) + visible(number(ctx->meta));
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
