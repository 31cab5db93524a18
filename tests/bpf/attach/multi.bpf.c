// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Many functions with one link, by name and by pattern.
// build-as: kprobe_multi.bpf.o -DENTRY=kprobe.multi -DRETURN=kretprobe.multi -DPLACE=do_sys_openat2 -DPATTERN=do_sys_open*
// build-as: uprobe_multi.bpf.o -DENTRY=uprobe.multi -DRETURN=uretprobe.multi -DPLACE=libc.so.6:open64 -DPATTERN=libc.so.6:open6?
// build-as: uprobe_multi_sleepable.bpf.o -DENTRY=uprobe.multi.s -DRETURN=uretprobe.multi.s -DPLACE=libc.so.6:open64 -DPATTERN=libc.so.6:open6?
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define STRING(text) #text
#define TEXT(text) STRING(text)

__u64 entries, all, returns, cookie;

SEC(TEXT(ENTRY/PLACE))
int on_entry(void *ctx)
{
	__sync_fetch_and_add(&entries, 1);
	return 0;
}

SEC(TEXT(ENTRY/PATTERN))
int on_all(void *ctx)
{
	__sync_fetch_and_add(&all, 1);
	cookie = bpf_get_attach_cookie(ctx);
	return 0;
}

SEC(TEXT(RETURN/PLACE))
int on_return(void *ctx)
{
	__sync_fetch_and_add(&returns, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
