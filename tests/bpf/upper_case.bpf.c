// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// C tells `dump` from `DUMP`; the statics of the skeleton are all in upper case.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("iter/bpf_map")
int dump(void *ctx)
{
	return 0;
}

SEC("iter/bpf_prog")
int DUMP(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
