// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A variable of a module, x_tables, which each processor has one of.
#include "../externs/iter.h"

struct seqcount {
	unsigned int sequence;
};

extern const struct seqcount xt_recseq __ksym __weak;
extern const struct seqcount xt_no_such_variable __ksym __weak;

SEC("iter/bpf_map")
int show(struct bpf_iter__bpf_map *ctx)
{
	const struct seqcount *first;

	if (!is_first(ctx))
		return 0;
	if (!&xt_recseq) {
		BPF_SEQ_PRINTF(ctx->meta->seq, "no xt_recseq\n");
		return 0;
	}
	first = bpf_per_cpu_ptr(&xt_recseq, 0);
	BPF_SEQ_PRINTF(ctx->meta->seq, "xt_recseq there %d even %d\nxt_no_such_variable there %d\n",
		       first != 0, first && !(first->sequence & 1), &xt_no_such_variable != 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
