// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A program whose target no kernel has.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("iter/nothing_that_exists")
int nowhere(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
