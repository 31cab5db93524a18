// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A tracepoint as a perf event, under both names of its section, and with a cookie.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 by_tracepoint, by_tp, cookie;

SEC("tracepoint/syscalls/sys_enter_openat")
int on_tracepoint(void *ctx)
{
	__sync_fetch_and_add(&by_tracepoint, 1);
	return 0;
}

SEC("tp/raw_syscalls/sys_enter")
int on_tp(void *ctx)
{
	__sync_fetch_and_add(&by_tp, 1);
	cookie = bpf_get_attach_cookie(ctx);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
