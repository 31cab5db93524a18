// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs on a cgroup, of every kind that Linux 5.10 has.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* One counter for each program, named after it. */
#define PROGRAM(section, name, context, allow)			\
	__u64 name##_count;					\
	SEC(section) int name(context *ctx)			\
	{							\
		__sync_fetch_and_add(&name##_count, 1);		\
		return allow;					\
	}

PROGRAM("cgroup_skb/ingress", skb_ingress, struct __sk_buff, 1)
PROGRAM("cgroup_skb/egress", skb_egress, struct __sk_buff, 1)
PROGRAM("cgroup/skb", skb_either, struct __sk_buff, 1)
PROGRAM("cgroup/sock", sock, struct bpf_sock, 1)
PROGRAM("cgroup/sock_create", sock_create, struct bpf_sock, 1)
PROGRAM("cgroup/sock_release", sock_release, struct bpf_sock, 1)
PROGRAM("cgroup/post_bind4", post_bind4, struct bpf_sock, 1)
PROGRAM("cgroup/post_bind6", post_bind6, struct bpf_sock, 1)
PROGRAM("cgroup/bind4", bind4, struct bpf_sock_addr, 1)
PROGRAM("cgroup/bind6", bind6, struct bpf_sock_addr, 1)
PROGRAM("cgroup/connect4", connect4, struct bpf_sock_addr, 1)
PROGRAM("cgroup/connect6", connect6, struct bpf_sock_addr, 1)
PROGRAM("cgroup/sendmsg4", sendmsg4, struct bpf_sock_addr, 1)
PROGRAM("cgroup/sendmsg6", sendmsg6, struct bpf_sock_addr, 1)
PROGRAM("cgroup/recvmsg4", recvmsg4, struct bpf_sock_addr, 1)
PROGRAM("cgroup/recvmsg6", recvmsg6, struct bpf_sock_addr, 1)
PROGRAM("cgroup/getpeername4", getpeername4, struct bpf_sock_addr, 1)
PROGRAM("cgroup/getpeername6", getpeername6, struct bpf_sock_addr, 1)
PROGRAM("cgroup/getsockname4", getsockname4, struct bpf_sock_addr, 1)
PROGRAM("cgroup/getsockname6", getsockname6, struct bpf_sock_addr, 1)
PROGRAM("cgroup/sysctl", sysctl, struct bpf_sysctl, 1)
PROGRAM("cgroup/getsockopt", getsockopt, struct bpf_sockopt, 1)
PROGRAM("cgroup/setsockopt", setsockopt, struct bpf_sockopt, 1)
PROGRAM("cgroup/dev", device, struct bpf_cgroup_dev_ctx, 1)
PROGRAM("sockops", operate, struct bpf_sock_ops, 1)

char LICENSE[] SEC("license") = "Dual MIT/GPL";
