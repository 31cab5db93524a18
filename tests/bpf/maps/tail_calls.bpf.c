// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A program array whose slots are given in the source: programs in it, one of which is left out, and a gap.
#include "print.h"

int middle(struct bpf_iter__bpf_map *ctx);
int last(struct bpf_iter__bpf_map *ctx);
int left_out(struct bpf_iter__bpf_map *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 6);
	__uint(key_size, 4);
	__array(values, int(void *));
} calls SEC(".maps") = { .values = { [1] = (void *)&middle, [2] = (void *)&left_out, [5] = (void *)&last } };

SEC("iter/bpf_map")
int start(struct bpf_iter__bpf_map *ctx)
{
	if (!first(ctx))
		return 0;
	print(ctx, "start\n");
	bpf_tail_call(ctx, &calls, 0);
	bpf_tail_call(ctx, &calls, 1);
	print(ctx, "nothing in slot 1\n");
	return 0;
}

SEC("iter/bpf_map")
int middle(struct bpf_iter__bpf_map *ctx)
{
	print(ctx, "middle\n");
	bpf_tail_call(ctx, &calls, 2);
	bpf_tail_call(ctx, &calls, 5);
	return 0;
}

SEC("iter/bpf_map")
int last(struct bpf_iter__bpf_map *ctx)
{
	print(ctx, "last\n");
	return 0;
}

SEC("?iter/bpf_map")
int left_out(struct bpf_iter__bpf_map *ctx)
{
	print(ctx, "left out\n");
	return 0;
}
