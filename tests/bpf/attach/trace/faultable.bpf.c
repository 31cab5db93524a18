// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs at tracepoints where they may sleep: those of system calls.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 by_raw_tp;
__u64 by_raw_tracepoint;
__u64 by_tp_btf;
__u64 by_tp;
__u64 by_tracepoint;

SEC("raw_tp.s/sys_enter")
int on_raw_tp(void *ctx)
{
	__sync_fetch_and_add(&by_raw_tp, 1);
	return 0;
}

SEC("raw_tracepoint.s/sys_exit")
int on_raw_tracepoint(void *ctx)
{
	__sync_fetch_and_add(&by_raw_tracepoint, 1);
	return 0;
}

SEC("tp_btf.s/sys_enter")
int on_tp_btf(void *ctx)
{
	__sync_fetch_and_add(&by_tp_btf, 1);
	return 0;
}

SEC("tp.s/syscalls/sys_enter_openat")
int on_tp(void *ctx)
{
	__sync_fetch_and_add(&by_tp, 1);
	return 0;
}

SEC("tracepoint.s/syscalls/sys_exit_openat")
int on_tracepoint(void *ctx)
{
	__sync_fetch_and_add(&by_tracepoint, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
