// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Section names with a slip in them, one of a program and one of data.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile int limit SEC("rodata") = 3;

SEC("iterator/bpf_map")
int dump(void *ctx)
{
	return limit;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
