// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A map and a licence, but no program.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ringbuf SEC(".maps");

char LICENSE[] SEC("license") = "Dual MIT/GPL";
