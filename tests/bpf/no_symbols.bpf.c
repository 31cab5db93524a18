// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// An object without a symbol table, as plain `llvm-strip` leaves it.
// build-strip: --strip-all
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("raw_tp/sched_switch")
int nothing(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
