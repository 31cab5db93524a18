// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs in entries of maps: what XDP hands to another interface or CPU goes through them.
// build-as: entries.bpf.o -DKIND=xdp
// build-as: entries_frags.bpf.o -DKIND=xdp.frags
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define STRING(text) #text
#define TEXT(text) STRING(text)

__u64 to_interface;
__u64 to_cpu;

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} interfaces SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} cpus SEC(".maps");

SEC(TEXT(KIND))
int redirect_to_interface(struct xdp_md *ctx)
{
	return bpf_redirect_map(&interfaces, 0, XDP_PASS);
}

SEC(TEXT(KIND))
int redirect_to_cpu(struct xdp_md *ctx)
{
	return bpf_redirect_map(&cpus, 0, XDP_PASS);
}

SEC(TEXT(KIND) "/devmap")
int on_the_way_out(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&to_interface, 1);
	return XDP_PASS;
}

SEC(TEXT(KIND) "/cpumap")
int on_the_cpu(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&to_cpu, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
