// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// An LSM program that is asked for the processes of one cgroup only (6.0).
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 sockets;

SEC("lsm_cgroup/socket_post_create")
int count_sockets(void *ctx)
{
	__sync_fetch_and_add(&sockets, 1);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
