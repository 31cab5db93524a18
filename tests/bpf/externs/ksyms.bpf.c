// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Variables of the kernel: with a type, and as a bare address.
#include "iter.h"

extern const int bpf_prog_active __ksym;
extern const int no_such_variable __ksym __weak;
extern const void _stext __ksym;
extern const void no_such_symbol __ksym __weak;

static __noinline __u64 start_of_text(void)
{
	return (__u64)&_stext;
}

/* The kernel finds variables by its list of symbols, and lists them only if it is built to. */
SEC("?iter/bpf_map")
int show_variables(struct bpf_iter__bpf_map *ctx)
{
	const int *active;

	if (!is_first(ctx))
		return 0;
	active = bpf_per_cpu_ptr(&bpf_prog_active, 0);
	BPF_SEQ_PRINTF(ctx->meta->seq, "bpf_prog_active %d\nno_such_variable %d\n",
		       active && *active >= 0, &no_such_variable != 0);
	return 0;
}

SEC("iter/bpf_map")
int show_addresses(struct bpf_iter__bpf_map *ctx)
{
	struct seq_file *seq = ctx->meta->seq;

	if (!is_first(ctx))
		return 0;
	BPF_SEQ_PRINTF(seq, "_stext %llx\nno_such_symbol %d\n", start_of_text(),
		       &no_such_symbol != 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
