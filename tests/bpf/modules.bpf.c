// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Targets with the name of a module in front: the kernel itself is one.
// build-as: vmlinux_target.bpf.o -DTARGET=fentry/vmlinux:bpf_fentry_test1
// build-as: module_target.bpf.o -DTARGET=fentry/ext4:ext4_sync_fs
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define STRING(text) #text
#define TEXT(text) STRING(text)

SEC(TEXT(TARGET))
int nothing(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
