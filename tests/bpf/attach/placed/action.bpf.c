// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A traffic control action that counts packets.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

__u64 packets;

SEC("action")
int count_packets(struct __sk_buff *packet)
{
	__sync_fetch_and_add(&packets, 1);
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
