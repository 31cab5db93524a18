// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A TCP congestion control that counts: with a link, without one, and in ways that no kernel takes.
// build-as: tcp.bpf.o -DSECTION=.struct_ops -DNAME=bpf_count
// build-as: tcp_link.bpf.o -DSECTION=.struct_ops.link -DNAME=bpf_count_link
// build-as: tcp_twice.bpf.o -DSECTION=.struct_ops -DNAME=bpf_twice
// build-as: tcp_unlinked.bpf.o -DSECTION=.struct_ops -DNAME=bpf_unlinked
// build-as: tcp_missing.bpf.o -DSECTION=.struct_ops -DNAME=bpf_missing -DNUMBER=5
// build-as: tcp_size.bpf.o -DSECTION=.struct_ops -DNAME=bpf_size -DNAME_SIZE=12
// build-as: no_such_operations.bpf.o -DSECTION=.struct_ops -DNAME=bpf_none -DTYPE=no_such_operations
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define TEXT_(text) #text
#define TEXT(text) TEXT_(text)
#ifndef NAME_SIZE
#define NAME_SIZE 16
#endif
#ifndef NUMBER
#define NUMBER 0
#endif
#ifndef TYPE
#define TYPE tcp_congestion_ops___mine
#endif

struct sock;

/* The members that are used here, in an order of our own, and two that no kernel has. */
struct TYPE {
	int no_such_number;
	char name[NAME_SIZE];
	void (*init)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*ssthresh)(struct sock *sk);
	__u32 (*undo_cwnd)(struct sock *sk);
	void (*no_such_operation)(struct sock *sk);
};

__u64 sockets;
__u64 acknowledged;

SEC("struct_ops/init")
void BPF_PROG(count_socket, struct sock *sk)
{
	__sync_fetch_and_add(&sockets, 1);
}

SEC("struct_ops/cong_avoid")
void BPF_PROG(count_acknowledged, struct sock *sk, __u32 ack, __u32 acked)
{
	__sync_fetch_and_add(&acknowledged, 1);
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
struct TYPE counting = {
	.no_such_number = NUMBER,
	.name = TEXT(NAME),
	.init = (void *)count_socket,
	.cong_avoid = (void *)count_acknowledged,
	.ssthresh = (void *)threshold,
	.undo_cwnd = (void *)window,
};

char LICENSE[] SEC("license") = "Dual MIT/GPL";
