// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// One program at the entry and the exit of a kernel function.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 hits;
__u64 sleepable_hits;

SEC("fsession/security_file_open")
int on_both(void *ctx)
{
	__sync_fetch_and_add(&hits, 1);
	return 0;
}

SEC("fsession.s/bpf_fentry_test1")
int on_both_asleep(void *ctx)
{
	__sync_fetch_and_add(&sleepable_hits, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
