// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// An XDP program that takes packets in several buffers (5.18).
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 packets;

SEC("xdp.frags")
int count_frags(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&packets, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
