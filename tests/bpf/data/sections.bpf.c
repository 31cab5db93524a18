// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Every section that data goes to by itself or by its name: strings and constants that the compiler pools, sections with names
// of the user's, data that nobody outside can name, and constants that say something of the program and are used by none.
#include "../maps/print.h"

char bpf_metadata_author[] SEC(".rodata.bpf_metadata") = "nobody";
const volatile char bpf_metadata_colour[] SEC(".rodata") = "blue";

__u32 number = 1;
__u32 zero;
const volatile __u32 constant = 3;
__u32 named_number SEC(".data.named") = 4;
__u32 named_zero SEC(".bss.named");
const volatile __u32 named_constant SEC(".rodata.named") = 6;
/* Nobody outside can name what is in this one. */
static volatile __u32 private_number SEC(".data.private") = 7;
__u8 large[100000] SEC(".bss.large");

struct pair {
	__u64 first, second;
};

SEC("iter/bpf_map")
int show(struct bpf_iter__bpf_map *ctx)
{
	/* A constant that the compiler puts into .rodata.cst16, and a string that it puts into .rodata.str1.1. */
	volatile struct pair pair = { 8, 9 };
	const char *string = "a string";

	if (!first(ctx))
		return 0;
	number += 10;
	zero += 10;
	named_number += 10;
	named_zero += 10;
	private_number += 10;
	large[sizeof(large) - 1]++;
	print(ctx, "%u %u %u\n", number, zero, constant);
	print(ctx, "%u %u %u\n", named_number, named_zero, named_constant);
	print(ctx, "%u %u\n", private_number, large[sizeof(large) - 1]);
	print(ctx, "%llu %llu %s\n", pair.first, pair.second, string);
	return 0;
}

SEC("iter/bpf_map")
int nothing(struct bpf_iter__bpf_map *ctx)
{
	return 0;
}
