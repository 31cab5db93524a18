// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A global variable and a static one whose symbols have one name, as in an object that was put together of several files.
// build-strip: --redefine-sym=own=shared
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u32 shared = 1;
static volatile __u32 own = 2;

SEC("raw_tp/sched_switch")
int nothing(void *ctx)
{
	return own;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
