// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// An iterator through tasks that kernels load which cannot be told through which.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("iter/task")
int show_all(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
