// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Layouts that are awkward to say in Rust: for each of them, variables that user space reads after the program has
// written them, and the other way round.
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

/* Padding inside and behind. */
struct padded {
	__u8 a;
	__u32 b;
	__u16 c;
};

struct __attribute__((packed)) packed {
	__u8 a;
	__u32 b;
	__u64 c;
	struct padded inside;
};

/* Between the two: offsets that no natural layout has, and an alignment all the same. */
struct half_packed {
	__u32 a;
	__u64 b;
} __attribute__((packed, aligned(4)));

struct aligned {
	__u8 a;
	__u32 b __attribute__((aligned(16)));
	struct half_packed c;
} __attribute__((aligned(64)));

struct bits {
	__u32 three : 3;
	__s32 five : 5;
	__u32 : 4;
	__u32 twenty : 20;
	__u64 wide : 40;
	bool flag : 1;
	__u8 plain;
	__u8 last : 2;
	__u64 : 0;
	__u64 whole : 64;
};

enum color { RED, GREEN = 5, BLUE };
enum sign { NEGATIVE = -3, POSITIVE = 3 };
enum wide { SMALL = 1, LARGE = 0x123456789abcdefULL };
enum __attribute__((packed)) narrow { NONE, SOME = 200 };

struct enums {
	enum color color;
	enum sign sign;
	enum wide wide;
	enum narrow narrow;
	enum color bits : 4;
	enum { FIRST = 1, SECOND } unnamed;
};

union either {
	__u32 number;
	__u8 bytes[6];
	struct {
		__u16 low;
		__u16 high;
	} halves;
	__u32 nibble : 4;
};

struct nested {
	union {
		__u64 whole;
		struct {
			__u32 left;
			__u32 right;
		};
	};
	struct {
		__u8 x;
		struct padded y[2];
	} named;
	union either either;
};

typedef struct {
	__s64 inner;
} only_a_typedef;

typedef __u32 number;
typedef number more_numbers[3];

struct arrays {
	__u16 grid[2][3];
	more_numbers numbers;
	only_a_typedef structs[2];
	char text[8];
	signed char small;
	__u64 *pointer;
	int (*function)(void *);
	struct arrays *next;
	unsigned __int128 huge;
};

/* Keywords, and names that Rust has for something else. */
struct type {
	__u32 self;
	__u32 fn;
	__u32 match;
	__u32 gen;
	__u32 set;
	__u32 u32;
};

struct flexible {
	__u32 count;
	__u16 items[];
};

enum type_of_enum { type };

/* A union and a struct of one name with a variable and a typedef: C has three spaces of names. */
typedef union either twin;

volatile struct padded padded;
volatile struct packed packed_one;
volatile struct aligned aligned_one;
volatile struct bits bits_one;
volatile struct enums enums_one;
volatile struct nested nested_one;
volatile struct arrays arrays_one;
volatile struct type type_one;
volatile twin either_one;
volatile bool yes;
volatile __s8 minus;
volatile double *no_number;
volatile struct {
	__u32 a;
	__u64 b;
} nameless;

/* What user space writes, and what the program has seen of it. */
volatile struct padded in_padded;
volatile struct packed in_packed;
volatile struct bits in_bits;
volatile struct enums in_enums;
volatile struct nested in_nested;
volatile struct arrays in_arrays;
volatile __u64 seen[16];

struct flexible in_data = { .count = 3, .items = { 10, 20, 30 } };
__u32 initial = 42;

struct key {
	__u8 kind;
	__u32 number;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, struct key);
	__type(value, struct nested);
} by_key SEC(".maps");

SEC("raw_tp/sys_enter")
int write(void *ctx)
{
	padded.a = 1;
	padded.b = 0x02030405;
	padded.c = 0x0607;

	packed_one.a = 1;
	packed_one.b = 0x02030405;
	packed_one.c = 0x060708090a0b0c0dULL;
	packed_one.inside.b = 0x0e0f1011;

	aligned_one.a = 1;
	aligned_one.b = 0x02030405;
	aligned_one.c.a = 6;
	aligned_one.c.b = 0x0708090a0b0c0d0eULL;

	bits_one.three = 5;
	bits_one.five = -7;
	bits_one.twenty = 0xabcde;
	bits_one.wide = 0x123456789aULL;
	bits_one.flag = true;
	bits_one.plain = 0x5a;
	bits_one.last = 2;
	bits_one.whole = 0xfedcba9876543210ULL;

	enums_one.color = BLUE;
	enums_one.sign = NEGATIVE;
	enums_one.wide = LARGE;
	enums_one.narrow = SOME;
	enums_one.bits = GREEN;
	enums_one.unnamed = SECOND;

	nested_one.left = 1;
	nested_one.right = 2;
	nested_one.named.x = 3;
	nested_one.named.y[1].c = 4;
	nested_one.either.halves.high = 5;

	arrays_one.grid[1][2] = 1;
	arrays_one.numbers[2] = 2;
	arrays_one.structs[1].inner = -3;
	arrays_one.text[0] = 'o';
	arrays_one.text[1] = 'k';
	arrays_one.small = -1;
	arrays_one.pointer = (void *)0x1234;
	arrays_one.huge = ((unsigned __int128)5 << 64) | 6;

	type_one.self = 1;
	type_one.fn = 2;
	type_one.match = 3;
	type_one.gen = 4;
	type_one.set = 5;
	type_one.u32 = 6;

	either_one.number = 0x01020304;
	yes = true;
	minus = -1;
	nameless.a = 1;
	nameless.b = 2;

	seen[0] = in_padded.b;
	seen[1] = in_packed.c;
	seen[2] = in_packed.inside.c;
	seen[3] = in_bits.twenty;
	seen[4] = (__s64)in_bits.five;
	seen[5] = in_bits.wide;
	seen[6] = in_bits.flag;
	seen[7] = in_enums.wide;
	seen[8] = (__s64)in_enums.sign;
	seen[9] = in_enums.bits;
	seen[10] = in_nested.right;
	seen[11] = in_nested.named.y[0].b;
	seen[12] = in_nested.either.bytes[3];
	seen[13] = in_arrays.grid[1][0];
	seen[14] = in_arrays.structs[1].inner;
	seen[15] = initial + in_data.items[2];
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
