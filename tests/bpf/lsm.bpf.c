// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// An LSM program that lets everything pass and counts.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 hits;

SEC("lsm/file_open")
int BPF_PROG(count_opens, void *file, int ret)
{
	__sync_fetch_and_add(&hits, 1);
	return ret;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
