// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// An LSM program that may sleep, at a hook where that is allowed since 5.10: a program is about to run.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 hits;

SEC("lsm.s/bprm_committed_creds")
int count_programs(void *ctx)
{
	__sync_fetch_and_add(&hits, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
