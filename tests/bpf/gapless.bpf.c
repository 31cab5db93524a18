// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Marks every event of a generator: calls of getpgid(2) whose argument is a number above 0x40000000, which no process has. One
// thread makes them, so that a bit may be set without care for others.
//
// Each call is an event twice, when it begins and when it ends. The kernel leaves a program out while it runs on the same
// processor already, as that of a task that was preempted in the middle of it does; that does not happen twice for one call.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

#define FIRST 0x40000000
#define EVENTS 4194304
#define GETPGID 121

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, EVENTS / 64);
	__type(key, __u32);
	__type(value, __u64);
} seen SEC(".maps"), seen_again SEC(".maps");

static void mark(void *map, const struct pt_regs *regs)
{
	unsigned long number;
	__u32 event, word;
	__u64 *marks;

	bpf_probe_read_kernel(&number, sizeof(number), &regs->rdi);
	event = number - FIRST;
	word = event / 64;
	marks = bpf_map_lookup_elem(map, &word);
	if (marks)
		*marks |= 1ull << (event & 63);
}

SEC("raw_tp/sys_enter")
int mark_begin(struct bpf_raw_tracepoint_args *ctx)
{
	if (ctx->args[1] == GETPGID)
		mark(&seen, (const void *)ctx->args[0]);
	return 0;
}

SEC("raw_tp/sys_exit")
int mark_end(struct bpf_raw_tracepoint_args *ctx)
{
	const struct pt_regs *regs = (const void *)ctx->args[0];
	unsigned long call;

	bpf_probe_read_kernel(&call, sizeof(call), &regs->orig_rax);
	if (call == GETPGID)
		mark(&seen_again, regs);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
