// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A variable that holds an address at compile time.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static int counter;
int *where = &counter;

SEC("iter/bpf_map")
int dump(void *ctx)
{
	return where ? *where : 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
