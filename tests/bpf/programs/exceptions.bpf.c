// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs that throw: the callback is called by nobody, a tag names it. One program has its own, one shares it and calls
// a subprogram that it calls too, one does with that of the kernel.
//
// build-as: exceptions.bpf.o -DEXCEPTIONS
// build-as: exceptions_static.bpf.o -DSTATIC
// build-as: exceptions_missing.bpf.o -DMISSING
// build-as: exceptions_twice.bpf.o -DTWICE
// build-as: exceptions_on_subprogram.bpf.o -DON_SUBPROGRAM
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define CALLBACK(name) __attribute__((btf_decl_tag("exception_callback:" #name)))

__u64 thrown;

__noinline int count(int by)
{
	return __sync_fetch_and_add(&thrown, by);
}

#ifdef STATIC
static
#endif
__noinline int caught(__u64 cookie)
{
	count(cookie);
	return 0;
}

__noinline int other(__u64 cookie)
{
	return 0;
}

#ifdef ON_SUBPROGRAM
static CALLBACK(other) __noinline int helper(int number)
{
	return count(number);
}
#endif

SEC("tc")
#ifdef MISSING
CALLBACK(nobody)
#else
CALLBACK(caught)
#endif
#ifdef TWICE
CALLBACK(other)
#endif
int throws(struct __sk_buff *ctx)
{
#ifdef ON_SUBPROGRAM
	helper(ctx->len);
#endif
#ifdef STATIC
	caught(1);
#endif
	return 0;
}

SEC("tc")
CALLBACK(caught)
int shares(struct __sk_buff *ctx)
{
	return count(0) ? 0 : 1;
}

SEC("tc")
int plain(struct __sk_buff *ctx)
{
	return 2;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
