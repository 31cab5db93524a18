// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Targets that no kernel has, or that no kernel allows.
// build-as: absent_tracepoint.bpf.o -DTARGET=tp/sched/no_such_tracepoint
// build-as: absent_raw_tracepoint.bpf.o -DTARGET=raw_tp/no_such_tracepoint
// build-as: absent_kprobe.bpf.o -DTARGET=kprobe/no_such_function
// build-as: absent_ksyscall.bpf.o -DTARGET=ksyscall/no_such_call
// build-as: absent_uprobe.bpf.o -DTARGET=uprobe/libc.so.6:no_such_function
// build-as: absent_file.bpf.o -DTARGET=uprobe/no_such_program:main
// build-as: absent_pattern.bpf.o -DTARGET=kprobe.multi/no_such_function_*
// build-as: absent_usdt.bpf.o -DTARGET=usdt/libc.so.6:preload_tests:no_such_probe
// build-as: absent_fentry.bpf.o -DTARGET=fentry/no_such_function
// build-as: absent_module.bpf.o -DTARGET=fentry/no_such_module:function
// build-as: untraceable.bpf.o -DTARGET=fentry/ktime_get_mono_fast_ns
// build-as: forbidden_kprobe.bpf.o -DTARGET=kprobe/do_int3
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
