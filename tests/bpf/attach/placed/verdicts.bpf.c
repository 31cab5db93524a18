// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs that decide where what a socket receives goes: with a parser in front, and without one. And one that finds another socket
// for what is on its way to one that is closed.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 judged;
__u64 judged_alone;
__u64 migrated;

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} parsed SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} unparsed SEC(".maps");

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
	return skb->len;
}

SEC("sk_skb/stream_verdict")
int judge(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&judged, 1);
	return SK_PASS;
}

SEC("sk_skb/verdict")
int judge_alone(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&judged_alone, 1);
	return SK_PASS;
}

SEC("sk_reuseport/migrate")
int migrate(struct sk_reuseport_md *ctx)
{
	if (ctx->migrating_sk)
		__sync_fetch_and_add(&migrated, 1);
	return SK_PASS;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
