// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A helper function that was given the SEC of the program it serves.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("iter/bpf_map")
static __attribute__((noinline)) unsigned int half(unsigned int number)
{
	return bpf_get_prandom_u32() + number / 2;
}

SEC("iter/bpf_map")
int dump(void *ctx)
{
	return half(4);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
