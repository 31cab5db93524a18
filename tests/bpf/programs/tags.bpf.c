// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Tags on arguments of global functions, which the verifier checks by themselves: what it may take for granted of each
// argument is in the tag, and the number of the argument beside it. Without the tags it would refuse all of them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ARG(tag) __attribute__((btf_decl_tag("arg:" #tag)))

struct pair {
	__u32 first;
	__u32 second;
};

__u64 sum;

/* Without nonnull, the pointer may be NULL. */
__noinline int add(int times, struct pair *pair ARG(nonnull))
{
	return times * (pair->first + pair->second);
}

/* A `void *` is no context without the tag. */
__noinline int length(void *ctx ARG(ctx))
{
	struct __sk_buff *skb = ctx;

	return skb->len;
}

SEC("tc")
int tagged(struct __sk_buff *ctx)
{
	struct pair pair = { 3, 4 };

	sum = add(2, &pair) + length(ctx);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
