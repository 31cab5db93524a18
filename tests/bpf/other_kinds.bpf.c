// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs that libbpf loads and this project does not yet, more than one of a kind, and a name with a slip in it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int pass(void *ctx)
{
	return XDP_PASS;
}

SEC("xdp.frags")
int pass_frags(void *ctx)
{
	return XDP_PASS;
}

SEC("?kprobe/do_unlinkat")
int probe(void *ctx)
{
	return 0;
}

SEC("cgroup/connect4")
int connect(void *ctx)
{
	return 1;
}

SEC("fentyr/do_unlinkat")
int slip(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
