// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A function in the place of one of another program.
// build-as: extension.bpf.o -DFUNCTION=decide
// build-as: extension_of_nothing.bpf.o -DFUNCTION=no_such_function
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define STRING(text) #text
#define TEXT(text) STRING(text)

__u64 replaced;

SEC("freplace/" TEXT(FUNCTION))
int decide_anew(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&replaced, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
