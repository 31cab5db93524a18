// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A TCP congestion control, which the kernel knows once under its name. It counts the sockets that have taken it.
// build-as: operations.bpf.o -DNAME=bpf_replaced
// build-as: operations_of_others.bpf.o -DNAME=bpf_others
// build-as: operations_faulty.bpf.o -DNAME=bpf_faulty
// build-as: operations_held.bpf.o -DNAME=bpf_held -DSECTION=.struct_ops
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define TEXT_(text) #text
#define TEXT(text) TEXT_(text)
#ifndef SECTION
#define SECTION .struct_ops.link
#endif

struct sock;

struct tcp_congestion_ops {
	char name[16];
	void (*init)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*ssthresh)(struct sock *sk);
	__u32 (*undo_cwnd)(struct sock *sk);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} taken SEC(".maps");

SEC("struct_ops")
void BPF_PROG(count_socket, struct sock *sk)
{
	__u32 first = 0;
	__u64 *count = bpf_map_lookup_elem(&taken, &first);

	if (count)
		__sync_fetch_and_add(count, 1);
}

SEC("struct_ops")
void BPF_PROG(leave_alone, struct sock *sk, __u32 ack, __u32 acked)
{
}

SEC("struct_ops")
__u32 BPF_PROG(threshold, struct sock *sk)
{
	return 2;
}

SEC("struct_ops")
__u32 BPF_PROG(window, struct sock *sk)
{
	return 10;
}

SEC(TEXT(SECTION))
struct tcp_congestion_ops control = {
	.name = TEXT(NAME),
	.init = (void *)count_socket,
	.cong_avoid = (void *)leave_alone,
	.ssthresh = (void *)threshold,
	.undo_cwnd = (void *)window,
};

char LICENSE[] SEC("license") = "Dual MIT/GPL";
