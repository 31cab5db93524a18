// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Operations that cannot be registered as they are.
// build-as: ops_bit_field.bpf.o -DBIT_FIELD
// build-as: ops_number_for_function.bpf.o -DNUMBER
// build-as: ops_other_function.bpf.o -DOTHER
// build-as: ops_unused_program.bpf.o -DUNUSED
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct sock;

struct tcp_congestion_ops {
#ifdef BIT_FIELD
	unsigned int flags : 3;
#endif
	__u32 (*ssthresh)(struct sock *sk);
	void (*release)(struct sock *sk);
};

SEC("struct_ops")
__u32 BPF_PROG(threshold, struct sock *sk)
{
	return 2;
}

SEC("iter/bpf_map")
int dump(void *ctx)
{
	return 0;
}

SEC(".struct_ops")
struct tcp_congestion_ops operations = {
#ifdef BIT_FIELD
	.flags = 1,
#endif
#ifdef NUMBER
	.release = (void *)5,
#endif
#ifdef OTHER
	.release = (void *)dump,
#endif
#ifndef UNUSED
	.ssthresh = (void *)threshold,
#endif
};

char LICENSE[] SEC("license") = "Dual MIT/GPL";
