// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Sections that say the type of the program but not what it attaches to; an iterator cannot be loaded so, a raw
// tracepoint can.
// build-as: iterator_without_target.bpf.o -DSECTION=iter
// build-as: tracepoint_without_target.bpf.o -DSECTION=raw_tp
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define STRING(x) #x
#define QUOTED(x) STRING(x)

SEC(QUOTED(SECTION))
int dump(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
