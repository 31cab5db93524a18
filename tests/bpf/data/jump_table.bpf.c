// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A table of the kind that newer compilers make for indirect jumps.
#include "../maps/print.h"

__u64 table[2] SEC(".jumptables") = { 1, 2 };

SEC("iter/bpf_map")
int nothing(struct bpf_iter__bpf_map *ctx)
{
	return 0;
}
