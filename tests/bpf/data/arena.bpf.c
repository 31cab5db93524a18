// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// An arena with variables in it, one without any, and mistakes.
// build-as: arena.bpf.o -DDATA
// build-as: arena_at.bpf.o -DDATA -DAT=0x100000000000
// build-as: arena_empty.bpf.o
// build-as: arena_missing.bpf.o -DDATA -DMISSING
// build-as: arena_twice.bpf.o -DDATA -DTWICE
// build-as: arena_faults.bpf.o -DDATA -DFAULTS
#include "../maps/print.h"

#define __arena __attribute__((address_space(1)))
#define BPF_MAP_TYPE_ARENA 33
#define BPF_F_SEGV_ON_FAULT (1 << 17)

#ifndef MISSING
struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
#ifdef FAULTS
	__uint(map_flags, BPF_F_MMAPABLE | BPF_F_SEGV_ON_FAULT);
#else
	__uint(map_flags, BPF_F_MMAPABLE);
#endif
	__uint(max_entries, 4);
#ifdef AT
	__ulong(map_extra, AT);
#endif
} pages SEC(".maps");
#endif

#ifdef TWICE
struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 4);
} more_pages SEC(".maps");
#endif

#ifdef DATA
__u64 __arena first_number = 5;
__u32 __arena numbers[2000] = { [0] = 6, [1999] = 7 };
#endif

SEC("iter/bpf_map")
int show(struct bpf_iter__bpf_map *ctx)
{
	if (!first(ctx))
		return 0;
#ifdef DATA
	first_number += 10;
	numbers[1999] += 10;
	print(ctx, "%llu %u %u %u\n", first_number, numbers[0], numbers[1], numbers[1999]);
#else
	asm volatile("" ::"r"(&pages));
	print(ctx, "empty\n");
#endif
	return 0;
}
