// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A helper that may sleep, in a program that may: the verifier refuses it in any other. `?` keeps the one where it is
// refused from being loaded.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	void *task;
};

/* Nothing is mapped at address 1. */
static __noinline int read_nothing(void)
{
	int number;

	return bpf_copy_from_user(&number, sizeof(number), (void *)1);
}

SEC("iter.s/task")
int may_sleep(struct bpf_iter__task *ctx)
{
	if (ctx->meta->seq_num == 0)
		BPF_SEQ_PRINTF(ctx->meta->seq, "error %d\n", read_nothing());
	return 0;
}

SEC("?iter/task")
int may_not(struct bpf_iter__task *ctx)
{
	return read_nothing() == 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
