// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A decoder for an infrared receiver.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("lirc_mode2")
int decode(unsigned int *sample)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
