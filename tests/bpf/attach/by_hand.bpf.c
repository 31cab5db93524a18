// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs of kinds that have their target from the caller, one of each program type that loads without more.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("socket")
int filter(struct __sk_buff *skb)
{
	return 0;
}

SEC("sk_reuseport")
int choose(struct sk_reuseport_md *md)
{
	return SK_PASS;
}

SEC("tc")
int classify(struct __sk_buff *skb)
{
	return 0;
}

SEC("action")
int act(struct __sk_buff *skb)
{
	return 0;
}

SEC("xdp")
int receive(struct xdp_md *md)
{
	return XDP_PASS;
}

SEC("xdp/devmap")
int send(struct xdp_md *md)
{
	return XDP_PASS;
}

SEC("perf_event")
int sample(void *ctx)
{
	return 0;
}

SEC("lwt_xmit")
int tunnel(struct __sk_buff *skb)
{
	return 0;
}

SEC("sockops")
int operate(struct bpf_sock_ops *ops)
{
	return 1;
}

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
	return skb->len;
}

SEC("sk_msg")
int message(struct sk_msg_md *msg)
{
	return SK_PASS;
}

SEC("flow_dissector")
int dissect(struct __sk_buff *skb)
{
	return BPF_OK;
}

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *skb)
{
	return 1;
}

SEC("cgroup/sock_create")
int create(struct bpf_sock *sk)
{
	return 1;
}

SEC("cgroup/connect4")
int connect4(struct bpf_sock_addr *address)
{
	return 1;
}

SEC("cgroup/sysctl")
int sysctl(struct bpf_sysctl *ctx)
{
	return 1;
}

SEC("cgroup/getsockopt")
int getsockopt(struct bpf_sockopt *ctx)
{
	return 1;
}

SEC("cgroup/dev")
int device(struct bpf_cgroup_dev_ctx *ctx)
{
	return 1;
}

SEC("sk_lookup")
int look_up(struct bpf_sk_lookup *ctx)
{
	return SK_PASS;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
