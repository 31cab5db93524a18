// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs at the entry and the exit of a kernel function that has kept its name since 2.6.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 entries;
__u64 exits;

SEC("fentry/security_file_open")
int count_entries(void *ctx)
{
	__sync_fetch_and_add(&entries, 1);
	return 0;
}

SEC("fexit/security_file_open")
int count_exits(void *ctx)
{
	__sync_fetch_and_add(&exits, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
