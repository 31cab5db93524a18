// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// USDT probes of the test program itself, with their arguments.
// build-as: usdt.bpf.o
// build-as: usdt_places.bpf.o -DPLACES
/* Registers are those of the machine that the test runs on. */
#define __TARGET_ARCH_x86
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

__u64 hits, first, second, third, count, cookie, sum;

#ifndef PLACES
SEC("usdt//proc/self/exe:preload_tests:event")
int on_event(struct pt_regs *ctx)
{
	long value = 0;

	__sync_fetch_and_add(&hits, 1);
	count = bpf_usdt_arg_cnt(ctx);
	cookie = bpf_usdt_cookie(ctx);
	bpf_usdt_arg(ctx, 0, &value);
	first = value;
	bpf_usdt_arg(ctx, 1, &value);
	second = value;
	bpf_usdt_arg(ctx, 2, &value);
	third = value;
	return 0;
}
#else
/* At two places, with the argument in another register at each. */
SEC("usdt//proc/self/exe:preload_tests:places")
int on_places(struct pt_regs *ctx)
{
	long value = 0;

	__sync_fetch_and_add(&hits, 1);
	bpf_usdt_arg(ctx, 0, &value);
	__sync_fetch_and_add(&sum, value);
	return 0;
}

SEC("usdt.s//proc/self/exe:preload_tests:event")
int on_event(struct pt_regs *ctx)
{
	long value = 0;

	bpf_usdt_arg(ctx, 1, &value);
	second = value;
	return 0;
}
#endif

char LICENSE[] SEC("license") = "Dual MIT/GPL";
