// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A function that the compiler puts into a section of its own.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __attribute__((noinline, cold)) int number(void *ctx)
{
	return bpf_get_prandom_u32() != 0;
}

SEC("raw_tp/sched_switch")
int nothing(void *ctx)
{
	return number(ctx);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
