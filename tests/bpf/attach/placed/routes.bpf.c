// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs on routes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 came_in;
__u64 went_out;
__u64 sent;
__u64 segments;

SEC("lwt_in")
int on_input(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&came_in, 1);
	return BPF_OK;
}

SEC("lwt_out")
int on_output(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&went_out, 1);
	return BPF_OK;
}

SEC("lwt_xmit")
int on_transmission(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&sent, 1);
	return BPF_OK;
}

SEC("lwt_seg6local")
int on_segment(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&segments, 1);
	return BPF_OK;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
