// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Kprobes on the opening of files: at the function, behind its first instruction (which is five bytes long where functions can
// be traced), when it returns, and on the system call whatever its function is called.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 entries, returns, inside, calls, call_returns;

SEC("kprobe/do_sys_openat2")
int on_entry(void *ctx)
{
	__sync_fetch_and_add(&entries, 1);
	return 0;
}

SEC("kretprobe/do_sys_openat2")
int on_return(void *ctx)
{
	__sync_fetch_and_add(&returns, 1);
	return 0;
}

SEC("kprobe/do_sys_openat2+0x5")
int on_instruction(void *ctx)
{
	__sync_fetch_and_add(&inside, 1);
	return 0;
}

SEC("ksyscall/openat")
int on_call(void *ctx)
{
	__sync_fetch_and_add(&calls, 1);
	return 0;
}

SEC("kretsyscall/openat")
int on_call_return(void *ctx)
{
	__sync_fetch_and_add(&call_returns, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
