// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A program that decides what a kernel function returns. With 0 the function runs.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 decisions;

SEC("fmod_ret/security_file_open")
int on_decision(void *ctx)
{
	__sync_fetch_and_add(&decisions, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
