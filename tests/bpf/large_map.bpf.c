// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A map larger than the memory that a process may lock by default, which kernels before 5.11 count it as.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1024);
	__uint(key_size, 4);
	__uint(value_size, 65536);
} large SEC(".maps");

SEC("raw_tp/sched_switch")
int nothing(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
