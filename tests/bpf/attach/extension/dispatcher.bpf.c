// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A program with functions that others can take the place of. All look at their arguments, which the compiler keeps then.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 decided;
__u64 looked;

__attribute__((noinline)) int decide(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&decided, 1);
	return ctx->ingress_ifindex ? XDP_PASS : XDP_DROP;
}

__attribute__((noinline)) int look(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&looked, 1);
	return ctx->ingress_ifindex ? XDP_PASS : XDP_DROP;
}

__attribute__((noinline)) int count(__u64 number)
{
	__sync_fetch_and_add(&looked, number);
	return XDP_PASS;
}

SEC("xdp")
int dispatch(struct xdp_md *ctx)
{
	if (look(ctx) != XDP_PASS || count(0) != XDP_PASS)
		return XDP_DROP;
	return decide(ctx);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
