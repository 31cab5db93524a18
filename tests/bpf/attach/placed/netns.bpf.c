// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs on a network namespace.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 dissected;
__u64 looked_up;

SEC("flow_dissector")
int dissect(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&dissected, 1);
	/* The kernel's own dissector goes on. */
	return BPF_DROP;
}

SEC("sk_lookup")
int look_up(struct bpf_sk_lookup *ctx)
{
	__sync_fetch_and_add(&looked_up, 1);
	return SK_PASS;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
