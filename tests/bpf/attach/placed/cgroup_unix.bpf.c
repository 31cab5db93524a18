// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs on a cgroup that see addresses of Unix sockets (6.7).
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define PROGRAM(section, name)					\
	__u64 name##_count;					\
	SEC(section) int name(struct bpf_sock_addr *ctx)	\
	{							\
		__sync_fetch_and_add(&name##_count, 1);		\
		return 1;					\
	}

PROGRAM("cgroup/connect_unix", connect_unix)
PROGRAM("cgroup/sendmsg_unix", sendmsg_unix)
PROGRAM("cgroup/recvmsg_unix", recvmsg_unix)
PROGRAM("cgroup/getpeername_unix", getpeername_unix)
PROGRAM("cgroup/getsockname_unix", getsockname_unix)

char LICENSE[] SEC("license") = "Dual MIT/GPL";
