// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Uprobes on a function of the C library: at its start, behind its first instruction (endbr64, four bytes), and when it returns.
// build-as: uprobe.bpf.o
// build-as: uprobe_sleepable.bpf.o -DSLEEPABLE
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 entries, returns, inside, cookie;

#ifdef SLEEPABLE
#define NAME(probe) probe ".s"
#else
#define NAME(probe) probe
#endif

SEC(NAME("uprobe") "/libc.so.6:open64")
int on_entry(void *ctx)
{
	__sync_fetch_and_add(&entries, 1);
	cookie = bpf_get_attach_cookie(ctx);
	return 0;
}

SEC(NAME("uprobe") "/libc.so.6:open64+0x4")
int on_instruction(void *ctx)
{
	__sync_fetch_and_add(&inside, 1);
	return 0;
}

SEC(NAME("uretprobe") "/libc.so.6:open64")
int on_return(void *ctx)
{
	__sync_fetch_and_add(&returns, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
