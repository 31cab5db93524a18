// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Symbols of the kernel that it does not have, or has as something else; each in a program that is left out unless it is
// switched on.
#include "iter.h"

extern void bpf_no_such_function(void) __ksym;
extern const int no_such_variable __ksym;
extern const void no_such_symbol __ksym;
extern const int *bpf_map_put(int number) __ksym;
extern const struct rq *bpf_prog_active __ksym;

SEC("iter/bpf_map")
int needs_nothing(struct bpf_iter__bpf_map *ctx)
{
	return 0;
}

SEC("?iter/bpf_map")
int calls_what_is_missing(struct bpf_iter__bpf_map *ctx)
{
	bpf_no_such_function();
	return 0;
}

SEC("?iter/bpf_map")
int reads_what_is_missing(struct bpf_iter__bpf_map *ctx)
{
	return *(volatile int *)&no_such_variable;
}

SEC("?iter/bpf_map")
int takes_a_missing_address(struct bpf_iter__bpf_map *ctx)
{
	return (long)&no_such_symbol & 1;
}

SEC("?iter/bpf_map")
int calls_something_else(struct bpf_iter__bpf_map *ctx)
{
	return bpf_map_put(1) != 0;
}

SEC("?iter/bpf_map")
int reads_something_else(struct bpf_iter__bpf_map *ctx)
{
	return bpf_per_cpu_ptr(&bpf_prog_active, 0) != 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
