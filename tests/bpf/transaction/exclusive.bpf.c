// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A program at a place where the kernel allows one only, and one beside it. It marks every packet of a generator: a UDP datagram over
// IPv4 to port 4711, whose payload is its number.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define PACKETS 1048576

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PACKETS / 64);
	__type(key, __u32);
	__type(value, __u64);
} passed SEC(".maps");

struct datagram {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	__u32 number;
} __attribute__((packed));

SEC("xdp")
int watch(struct xdp_md *ctx)
{
	const struct datagram *datagram = (void *)(long)ctx->data;
	__u32 number, word;
	__u64 *marks;

	if ((void *)(datagram + 1) > (void *)(long)ctx->data_end)
		return XDP_PASS;
	if (datagram->ip.protocol != IPPROTO_UDP || datagram->udp.dest != bpf_htons(4711))
		return XDP_PASS;
	number = datagram->number;
	word = number / 64;
	marks = bpf_map_lookup_elem(&passed, &word);
	if (marks)
		*marks |= 1ull << (number & 63);
	return XDP_PASS;
}

SEC("raw_tp/sched_process_exit")
int beside(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
