// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A program that is run by hand (5.14).
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct numbers {
	__u32 first;
	__u32 second;
	__u32 sum;
};

SEC("syscall")
int add(struct numbers *ctx)
{
	ctx->sum = ctx->first + ctx->second;
	return 7;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
