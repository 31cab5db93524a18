// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Iterators that go through the tasks that they are told: a line for each, with its name.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define KERNEL_TYPE __attribute__((preserve_access_index))

struct bpf_iter_meta {
	struct seq_file *seq;
} KERNEL_TYPE;

struct task_struct {
	char comm[16];
} KERNEL_TYPE;

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} KERNEL_TYPE;

SEC("iter/task")
int show_second(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%s\n", task->comm);
	return 0;
}

SEC("iter/task")
int show_some(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%s\n", task->comm);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
