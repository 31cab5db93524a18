// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs that may sleep, at a kernel function that allows it in every kernel since 6.3: a test run of an fentry program calls it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 entries;
__u64 decisions;
__u64 exits;

SEC("fentry.s/bpf_fentry_test1")
int on_entry(void *ctx)
{
	__sync_fetch_and_add(&entries, 1);
	return 0;
}

/* With 0 the function runs. */
SEC("fmod_ret.s/bpf_fentry_test1")
int on_decision(void *ctx)
{
	__sync_fetch_and_add(&decisions, 1);
	return 0;
}

SEC("fexit.s/bpf_fentry_test1")
int on_exit(void *ctx)
{
	__sync_fetch_and_add(&exits, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
