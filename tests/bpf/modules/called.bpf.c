// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A TCP congestion control that calls functions of another one, which is a module: tcp_bbr. The kernel lets operations of this kind
// alone call them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Defined, as libbpf asks for; what is in it is of no use here. */
struct sock {
	char unused;
};

struct tcp_congestion_ops {
	char name[16];
	void (*init)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*ssthresh)(struct sock *sk);
	__u32 (*undo_cwnd)(struct sock *sk);
};

extern void bbr_init(struct sock *sk) __ksym;
extern __u32 bbr_undo_cwnd(struct sock *sk) __ksym __weak;
extern void bbr_no_such_function(struct sock *sk) __ksym __weak;

__u64 begun;

SEC("struct_ops")
void BPF_PROG(begin, struct sock *sk)
{
	__sync_fetch_and_add(&begun, 1);
	bbr_init(sk);
	if (bbr_no_such_function)
		bbr_no_such_function(sk);
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
	return bbr_undo_cwnd ? bbr_undo_cwnd(sk) : 10;
}

SEC(".struct_ops")
struct tcp_congestion_ops control = {
	.name = "bpf_borrowed",
	.init = (void *)begin,
	.cong_avoid = (void *)leave_alone,
	.ssthresh = (void *)threshold,
	.undo_cwnd = (void *)window,
};

char LICENSE[] SEC("license") = "Dual MIT/GPL";
