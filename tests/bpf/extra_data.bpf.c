// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Sections that are there for whoever looks into the file; no program refers to them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char module_license[] SEC(".modinfo") = "license=GPL";
int table[4] SEC("mysec") = { 1, 2, 3, 4 };
int zeros[4] SEC("myzeros");

SEC("raw_tp/sched_switch")
int nothing(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
