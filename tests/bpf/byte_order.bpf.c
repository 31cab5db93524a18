// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// An object for big-endian kernels.
// build-flags: -target bpfeb
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("iter/bpf_map")
int dump(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
