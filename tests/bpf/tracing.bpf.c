// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs that count how often they run, at tracepoints that every kernel passes all the time.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 raw_tracepoint_hits;
__u64 tp_btf_hits;
__u64 manual_hits;

SEC("raw_tp/sched_switch")
int count_raw_tracepoint(void *ctx)
{
	__sync_fetch_and_add(&raw_tracepoint_hits, 1);
	return 0;
}

SEC("tp_btf/sched_switch")
int count_tp_btf(void *ctx)
{
	__sync_fetch_and_add(&tp_btf_hits, 1);
	return 0;
}

SEC("raw_tp")
int count_manual(void *ctx)
{
	__sync_fetch_and_add(&manual_hits, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
