// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs at a raw tracepoint whose buffer they may write into: that at the end of a test run of a program, with its result, which
// is left as it is. And one at a raw tracepoint by its long name.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 by_raw_tp;
__u64 by_raw_tracepoint;
__u64 switches;

/* The result of the test run, an error number. */
SEC("raw_tp.w/bpf_test_finish")
int keep(struct bpf_raw_tracepoint_args *ctx)
{
	volatile int *error = (void *)ctx->args[0];

	__sync_fetch_and_add(&by_raw_tp, 1);
	*error = *error;
	return 0;
}

SEC("raw_tracepoint.w/bpf_test_finish")
int watch(void *ctx)
{
	__sync_fetch_and_add(&by_raw_tracepoint, 1);
	return 0;
}

SEC("raw_tracepoint/sched_switch")
int on_switch(void *ctx)
{
	__sync_fetch_and_add(&switches, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
