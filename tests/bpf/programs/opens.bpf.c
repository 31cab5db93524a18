// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// The program of the guide (preload-runtime/doc/guide.md), letter by letter.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 opened;

SEC("lsm/file_open")
int BPF_PROG(count_opens, void *file, int ret)
{
	__sync_fetch_and_add(&opened, 1);
	return ret;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
