// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Functions with two names: one that is called by both, and a program. What `__attribute__((alias))` makes is written out,
// since clang 19 crashes over it with `-g`.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ALIAS(name, of) asm(".globl " #name "\n.type " #name ", @function\n.set " #name ", " #of)

__attribute__((noinline)) int number(void)
{
	return bpf_get_prandom_u32() != 0;
}

ALIAS(other_number, number);

SEC("raw_tp/sched_switch")
int first(void *ctx)
{
	int other;

	asm volatile("call other_number; %[other] = r0"
		     : [other] "=r"(other) :: "r0", "r1", "r2", "r3", "r4", "r5");
	return number() + other;
}

ALIAS(second, first);

char LICENSE[] SEC("license") = "Dual MIT/GPL";
