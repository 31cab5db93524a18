// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// One source, many compilers and instruction sets: what it prints is the same, whoever has compiled it. Loops, signed
// division by shifts, narrow types and byte order are where instruction sets differ.
//
// build-as: clang14.bpf.o
// build-with: clang-14
// build-as: clang16.bpf.o
// build-with: clang-16
// build-as: clang19.bpf.o
// build-as: clang22.bpf.o
// build-with: clang-22
// build-as: cpu_v1.bpf.o -mcpu=v1
// build-as: cpu_v2.bpf.o -mcpu=v2
// build-as: cpu_v4.bpf.o -mcpu=v4
// build-as: cpu_v4_clang22.bpf.o -mcpu=v4
// build-with: clang-22
// build-as: with_dwarf.bpf.o
// build-dwarf: kept
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

#define KERNEL_TYPE __attribute__((preserve_access_index))

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 seq_num;
} KERNEL_TYPE;

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	void *map;
} KERNEL_TYPE;

enum kind { SMALL = -1, LARGE = 0x7fffffff };

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __s64);
} cells SEC(".maps");

const volatile __s16 narrow = -300;
static volatile const __u64 wide = 0x123456789abcdef0ULL;
volatile enum kind kind = SMALL;
int runs;

static __noinline __s64 fill(__u32 cell, __s64 value)
{
	__s64 *found = bpf_map_lookup_elem(&cells, &cell);

	if (!found)
		return 0;
	*found = value;
	return *found >> 3;
}

__noinline __s64 signed_part(__s32 value)
{
	return (__s8)value + (__s16)(value << 1);
}

static long add(__u32 index, __s64 *sum)
{
	*sum += fill(index, narrow * (__s64)index);
	return 0;
}

SEC("iter/bpf_map")
int compute(struct bpf_iter__bpf_map *ctx)
{
	__s64 sum = 0;
	int i;

	if (ctx->meta->seq_num != 0)
		return 0;
	bpf_loop(4, add, &sum, 0);
	for (i = 0; i < 3; i++)
		sum += signed_part(narrow * (i + 1));
	runs++;
	BPF_SEQ_PRINTF(ctx->meta->seq, "sum %lld swapped %llx kind %d runs %d\n", sum, bpf_cpu_to_be64(wide), kind,
		       runs);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
