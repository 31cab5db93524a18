// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A constant of each type that the attribute can give a value, and a program that does more when one of them says so.
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

enum color { RED, GREEN = 5, BLUE };
enum sign { NEGATIVE = -3, POSITIVE = 3 };

struct pair {
	__u32 a;
	__u32 b;
};

const volatile bool verbose = false;
const volatile __u32 limit = 7;
const volatile __s64 offset = 1;
const volatile __u8 letter = 'x';
const volatile char name[16] = "unnamed";
const volatile __u16 ports[3] = { 1, 2, 3 };
const volatile enum color color = GREEN;
const volatile enum sign sign = POSITIVE;
const volatile struct pair pair = { 1, 2 };
const volatile __u64 *const volatile pointer;
/* No value but zero: the section is not in the file, and comes to be by a value alone. */
const volatile __u32 extra SEC(".rodata.extra");

__u32 variable = 3;
__u64 seen;

SEC("raw_tp/sys_enter")
int count(void *ctx)
{
	seen = limit + offset + letter + name[0] + ports[1] + color + sign + pair.a + extra + variable;
	if (pointer)
		seen++;
	if (verbose) {
		__u64 now = bpf_ktime_get_ns();

		seen += now ? 1 : 2;
		bpf_printk("limit %d at %llu", limit, now);
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
