// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs on a pair of netkit interfaces (6.7).
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

__u64 primary_packets;
__u64 peer_packets;

SEC("netkit/primary")
int count_primary(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&primary_packets, 1);
	return TC_ACT_UNSPEC;
}

SEC("netkit/peer")
int count_peer(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&peer_packets, 1);
	return TC_ACT_UNSPEC;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
