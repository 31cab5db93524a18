// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A hidden program is a program as others are; a hidden subprogram is verified with what calls it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__hidden __attribute__((noinline)) int subprogram(void *ctx)
{
	return bpf_get_prandom_u32() != 0;
}

SEC("raw_tp/sched_switch")
__hidden int program(void *ctx)
{
	return subprogram(ctx);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
