// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Watches one process at a time, from its exec to its exit: how long it lives, how
// many system calls it makes, and how long some thread of it is inside bpf(2).
// It is told from others by its name. What was seen is read from the pin of `show`.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define SYS_bpf 321

struct bpf_iter_meta {
	void *seq;
	__u64 session_id;
	__u64 seq_num;
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	void *map;
} __attribute__((preserve_access_index));

// All of the process that is watched, or was the last one.
static __u32 process;
static __u64 start, end, calls, bpf_calls, inside, entered;
static __s64 threads_inside;

// The threads that are inside bpf(2).
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, __u8);
} entries SEC(".maps");

static int is_watched(void)
{
	return process && bpf_get_current_pid_tgid() >> 32 == process;
}

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	static const char subject[] = "subject";
	char name[16];

	bpf_get_current_comm(name, sizeof(name));
	for (int at = 0; at < (int)sizeof(subject) - 1; at++)
		if (name[at] != subject[at])
			return 0;
	end = calls = bpf_calls = inside = threads_inside = 0;
	start = bpf_ktime_get_ns();
	process = bpf_get_current_pid_tgid() >> 32;
	return 0;
}

SEC("raw_tp/sched_process_exit")
int on_exit(void *ctx)
{
	// With the last thread; a later one overwrites what an earlier one has said.
	if (is_watched())
		end = bpf_ktime_get_ns();
	return 0;
}

SEC("raw_tp/sys_enter")
int on_enter(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 thread = bpf_get_current_pid_tgid();
	__u8 one = 1;

	if (!is_watched())
		return 0;
	__sync_fetch_and_add(&calls, 1);
	if (ctx->args[1] != SYS_bpf)
		return 0;
	__sync_fetch_and_add(&bpf_calls, 1);
	bpf_map_update_elem(&entries, &thread, &one, BPF_ANY);
	if (__sync_fetch_and_add(&threads_inside, 1) == 0)
		entered = bpf_ktime_get_ns();
	return 0;
}

SEC("raw_tp/sys_exit")
int on_leave(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 thread = bpf_get_current_pid_tgid();

	if (!is_watched() || bpf_map_delete_elem(&entries, &thread))
		return 0;
	if (__sync_fetch_and_add(&threads_inside, -1) == 1)
		inside += bpf_ktime_get_ns() - entered;
	return 0;
}

SEC("iter/bpf_map")
int show(struct bpf_iter__bpf_map *ctx)
{
	if (ctx->meta->seq_num == 0 && ctx->map)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%llu %llu %llu %llu\n", end - start, inside, calls, bpf_calls);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
