// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs on sockets, on groups of them, and on maps of them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 filtered;
__u64 chosen;
__u64 messages;
__u64 parsed;
__u64 judged;

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} no_sockets SEC(".maps");

SEC("socket")
int filter(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&filtered, 1);
	return skb->len;
}

SEC("sk_reuseport")
int choose(struct sk_reuseport_md *ctx)
{
	__sync_fetch_and_add(&chosen, 1);
	return SK_PASS;
}

SEC("sk_msg")
int on_message(struct sk_msg_md *msg)
{
	__sync_fetch_and_add(&messages, 1);
	return SK_PASS;
}

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&parsed, 1);
	return skb->len;
}

SEC("sk_skb")
int judge(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&judged, 1);
	return SK_PASS;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
