// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Functions of the kernel: there and not there, in a program and in a function of it, under several declarations.
#include "iter.h"
#include <stdbool.h>

struct bpf_cpumask;
struct cpumask;

extern struct bpf_cpumask *bpf_cpumask_create(void) __ksym;
extern void bpf_cpumask_release(struct bpf_cpumask *mask) __ksym;
extern void bpf_cpumask_set_cpu(__u32 cpu, struct bpf_cpumask *mask) __ksym;
extern bool bpf_cpumask_test_cpu(__u32 cpu, const struct cpumask *mask) __ksym __weak;
/* Two declarations of one function, only the second of which is that of the kernel. */
extern bool bpf_cpumask_empty___wrong(int number) __ksym __weak;
extern bool bpf_cpumask_empty___right(const struct cpumask *mask) __ksym __weak;
extern int bpf_no_such_function(int number) __ksym __weak;

static __noinline bool test(struct bpf_cpumask *mask)
{
	return bpf_cpumask_test_cpu(0, (const struct cpumask *)mask);
}

SEC("iter/bpf_map")
int call_functions(struct bpf_iter__bpf_map *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct bpf_cpumask *mask;
	int empty, before, after;

	if (!is_first(ctx))
		return 0;
	mask = bpf_cpumask_create();
	if (!mask)
		return 0;
	if (bpf_cpumask_empty___wrong)
		empty = bpf_cpumask_empty___wrong(5);
	else
		empty = bpf_cpumask_empty___right((const struct cpumask *)mask);
	before = bpf_cpumask_test_cpu(0, (const struct cpumask *)mask);
	bpf_cpumask_set_cpu(0, mask);
	after = test(mask);
	bpf_cpumask_release(mask);
	BPF_SEQ_PRINTF(seq, "empty %d before %d after %d\n", empty, before, after);
	BPF_SEQ_PRINTF(seq, "there %d not there %d\n", bpf_cpumask_test_cpu != 0,
		       bpf_no_such_function ? bpf_no_such_function(1) : 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
