// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A program that throws, from a subprogram too: what the callback returns is what the program returns.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define CALLBACK(name) __attribute__((btf_decl_tag("exception_callback:" #name)))

extern void bpf_throw(__u64 cookie) __ksym;

__u64 caught_cookie;

__noinline int caught(__u64 cookie)
{
	caught_cookie = cookie;
	return 7;
}

static __noinline int check(__u32 len)
{
	if (len > 10)
		bpf_throw(4711);
	return 0;
}

SEC("tc")
CALLBACK(caught)
int throws(struct __sk_buff *ctx)
{
	check(ctx->len);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
