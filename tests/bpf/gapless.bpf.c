// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Marks every event of a generator: calls of getpgid(2) whose argument is a number above 0x40000000, which no process has.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

#define FIRST 0x40000000
#define EVENTS 4194304
#define GETPGID 121

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, EVENTS);
	__type(key, __u32);
	__type(value, __u32);
} seen SEC(".maps");

SEC("raw_tp/sys_enter")
int mark(struct bpf_raw_tracepoint_args *ctx)
{
	const struct pt_regs *regs = (const void *)ctx->args[0];
	unsigned long number;
	__u32 event, *mark;

	if (ctx->args[1] != GETPGID)
		return 0;
	bpf_probe_read_kernel(&number, sizeof(number), &regs->rdi);
	event = number - FIRST;
	mark = bpf_map_lookup_elem(&seen, &event);
	if (mark)
		*mark = 1;
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
