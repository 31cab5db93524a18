// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Maps of the old kind: without type information at all, with what aya puts behind the five numbers, and beside maps of the
// new kind; then sections that are not in order.
// build-as: legacy.bpf.o -g0
// build-as: legacy_long.bpf.o -g0 -DMORE=id,pinning -DPINNING=1
// build-as: legacy_mixed.bpf.o -DMIXED
// build-as: legacy_iproute2.bpf.o -DMORE=id,pinning,inner_id,inner_idx -DPINNING=2
// build-as: legacy_unknown.bpf.o -DMORE=id,pinning,something -DSOMETHING
// build-as: legacy_short.bpf.o -DSHORT
// build-as: legacy_uneven.bpf.o -DUNEVEN
// build-as: legacy_nameless.bpf.o -DNAMELESS
#include "print.h"

#ifdef NAMELESS
__asm__(".section maps,\"aw\",@progbits\n.zero 20\n.text\n");
#else

struct bpf_map_def {
	__u32 type, key_size, value_size, max_entries;
#ifndef SHORT
	__u32 map_flags;
#endif
#ifdef MORE
	__u32 MORE;
#endif
};

struct bpf_map_def numbers SEC("maps") = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = 4,
	.value_size = 8,
	.max_entries = 4,
#ifdef SOMETHING
	.something = 7,
#endif
};

struct bpf_map_def words SEC("maps") = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = 4,
	.value_size = 8,
	.max_entries = 2,
#ifndef SHORT
	.map_flags = BPF_F_MMAPABLE,
#endif
#ifdef PINNING
	.id = 9,
	.pinning = PINNING,
#endif
};

#ifdef UNEVEN
char more[3] SEC("maps") = { 1, 2, 3 };
#endif
#endif

#ifdef MIXED
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} modern SEC(".maps");
#endif

__u64 runs = 40;

SEC("iter/bpf_map")
int show(struct bpf_iter__bpf_map *ctx)
{
#ifndef NAMELESS
	__u32 key = 1;
	__u64 *word;

	if (!first(ctx))
		return 0;
	runs += 2;
	bpf_map_update_elem(&numbers, &key, &runs, BPF_ANY);
	word = bpf_map_lookup_elem(&numbers, &key);
	if (word)
		bpf_map_update_elem(&words, &key, word, BPF_ANY);
	word = bpf_map_lookup_elem(&words, &key);
	print(ctx, "%llu\n", word ? *word : 0);
#endif
#ifdef MIXED
	key = 0;
	bpf_map_lookup_elem(&modern, &key);
#endif
	return 0;
}
