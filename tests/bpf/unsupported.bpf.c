// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// What libbpf carries out and this project does not yet.
// build-as: unsupported_struct_ops_map.bpf.o -DSTRUCT_OPS_MAP
// build-as: unsupported_struct_ops.bpf.o -DSTRUCT_OPS
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef STRUCT_OPS_MAP
struct {
	__uint(type, BPF_MAP_TYPE_STRUCT_OPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} operations SEC(".maps");
#endif

#ifdef STRUCT_OPS
struct tcp_congestion_ops {
	char name[16];
};

struct tcp_congestion_ops slow SEC("?.struct_ops") = { .name = "slow" };
#endif

SEC("iter/bpf_map")
int dump(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
