// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Several programs and several maps that load in no time, on emulated machines too: nothing is looked for in the kernel's type
// information. For what is done thousands of times.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} crowd_state SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} crowd_table SEC(".maps");

__u64 hits;

SEC("raw_tp/sched_switch")
int crowd_switch(void *ctx)
{
	__sync_fetch_and_add(&hits, 1);
	return 0;
}

SEC("raw_tp/sched_process_exit")
int crowd_exit(void *ctx)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&crowd_table, &key) && bpf_map_lookup_elem(&crowd_state, &key);
}

SEC("raw_tp/sched_process_fork")
int crowd_fork(void *ctx)
{
	return 0;
}

SEC("raw_tp/sched_process_exec")
int crowd_exec(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
