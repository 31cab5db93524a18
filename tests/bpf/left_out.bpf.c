// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A program that is loaded, and two that are not unless they are switched on: `?` in front of the section name.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static int number(void *ctx) __attribute__((noinline));

SEC("raw_tp/sched_switch")
int always(void *ctx)
{
	return 0;
}

SEC("?raw_tp/sys_enter")
int on_demand(void *ctx)
{
	return number(ctx);
}

/* No kernel has this: the program can be there all the same. */
SEC("?iter/nothing_that_exists")
int nowhere(void *ctx)
{
	return 0;
}

static int number(void *ctx)
{
	return ctx != 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
