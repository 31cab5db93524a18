// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs that stand in for one another: of the first three only the last has a target that kernels have, of the next two both.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 by_third, by_first, by_second;

SEC("tp_btf/no_such_tracepoint")
int absent_at_load(void *ctx)
{
	return 0;
}

SEC("raw_tp/no_such_tracepoint")
int absent_at_attach(void *ctx)
{
	return 0;
}

SEC("raw_tp/sys_exit")
int third(void *ctx)
{
	__sync_fetch_and_add(&by_third, 1);
	return 0;
}

SEC("tp_btf/sys_enter")
int first(void *ctx)
{
	__sync_fetch_and_add(&by_first, 1);
	return 0;
}

SEC("raw_tp/sys_enter")
int second(void *ctx)
{
	__sync_fetch_and_add(&by_second, 1);
	return 0;
}

SEC("raw_tp/no_such_tracepoint")
int optional(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
