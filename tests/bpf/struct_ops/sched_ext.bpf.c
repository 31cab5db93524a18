// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// The least that a scheduler can be: every task goes into the queue that all processors share.
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct task_struct;

struct sched_ext_ops {
	void (*enqueue)(struct task_struct *p, __u64 enq_flags);
	__s32 (*init)(void);
	__u32 timeout_ms;
	char name[128];
};

/* SCX_DSQ_GLOBAL and SCX_SLICE_DFL */
#define SHARED_QUEUE (1ULL << 63 | 1)
#define DEFAULT_SLICE (20 * 1000 * 1000)

extern void scx_bpf_dsq_insert(struct task_struct *p, __u64 dsq_id, __u64 slice, __u64 enq_flags) __ksym __weak;
/* As it is since 6.19. */
extern bool scx_bpf_dsq_insert___v2(struct task_struct *p, __u64 dsq_id, __u64 slice, __u64 enq_flags) __ksym __weak;

__u64 queued;
__u64 started;

SEC("struct_ops/enqueue")
void BPF_PROG(share, struct task_struct *p, __u64 enq_flags)
{
	__sync_fetch_and_add(&queued, 1);
	if (scx_bpf_dsq_insert___v2)
		scx_bpf_dsq_insert___v2(p, SHARED_QUEUE, DEFAULT_SLICE, enq_flags);
	else
		scx_bpf_dsq_insert(p, SHARED_QUEUE, DEFAULT_SLICE, enq_flags);
}

SEC("struct_ops.s/init")
__s32 BPF_PROG(start)
{
	started = 1;
	return 0;
}

SEC(".struct_ops.link")
struct sched_ext_ops least = {
	.enqueue = (void *)share,
	.init = (void *)start,
	.timeout_ms = 5000,
	.name = "least",
};

char LICENSE[] SEC("license") = "Dual MIT/GPL";
