// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// One program at the start of a function and when it returns.
// build-as: kprobe_session.bpf.o -DTARGET=kprobe.session/do_sys_open*
// build-as: uprobe_session.bpf.o -DTARGET=uprobe.session/libc.so.6:open64
// build-as: uprobe_session_sleepable.bpf.o -DTARGET=uprobe.session.s/libc.so.6:open64
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

#define STRING(text) #text
#define TEXT(text) STRING(text)

__u64 hits;

SEC(TEXT(TARGET))
int on_both(void *ctx)
{
	__sync_fetch_and_add(&hits, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
