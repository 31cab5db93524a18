// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs on network interfaces.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

__u64 xdp_packets;
__u64 ingress_packets;
__u64 egress_packets;
__u64 either_packets;
/* The order in which the programs at one hook run: each writes its number behind those that are there. */
__u64 order;

SEC("xdp")
int count_xdp(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&xdp_packets, 1);
	return XDP_PASS;
}

SEC("tcx/ingress")
int count_ingress(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&ingress_packets, 1);
	order = order * 10 + 1;
	return TC_ACT_UNSPEC;
}

SEC("tc/egress")
int count_egress(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&egress_packets, 1);
	return TC_ACT_UNSPEC;
}

SEC("tc")
int count_either(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&either_packets, 1);
	order = order * 10 + 2;
	return TC_ACT_UNSPEC;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
