// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs at netfilter hooks (6.4).
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_nf_ctx;

__u64 input4;
__u64 output6;

#define NF_ACCEPT 1

SEC("netfilter")
int count_input(struct bpf_nf_ctx *ctx)
{
	__sync_fetch_and_add(&input4, 1);
	return NF_ACCEPT;
}

SEC("netfilter")
int count_output(struct bpf_nf_ctx *ctx)
{
	__sync_fetch_and_add(&output6, 1);
	return NF_ACCEPT;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
