// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Names with a slip in them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("fentyr/do_unlinkat")
int slip(void *ctx)
{
	return 0;
}

SEC("cgroup/conect4")
int another_slip(void *ctx)
{
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
