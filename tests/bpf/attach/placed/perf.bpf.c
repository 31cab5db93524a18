// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A program that is called by a perf event.
#include <linux/bpf.h>
#include <linux/bpf_perf_event.h>
#include <bpf/bpf_helpers.h>

__u64 samples;

SEC("perf_event")
int count_samples(struct bpf_perf_event_data *ctx)
{
	__sync_fetch_and_add(&samples, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
