// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A map of each form that there is for user space, and a program that does more when a constant says so.
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

struct key {
	__u8 kind;
	__u32 number;
};

struct locked {
	struct bpf_spin_lock lock;
	__u32 first;
	__u64 second;
};

struct odd {
	__u8 bytes[5];
};

#define MAP(NAME, TYPE, KEY, VALUE, ENTRIES)        \
	struct {                                    \
		__uint(type, BPF_MAP_TYPE_##TYPE);  \
		__uint(max_entries, ENTRIES);       \
		__type(key, KEY);                   \
		__type(value, VALUE);               \
	} NAME SEC(".maps")

MAP(hash, HASH, struct key, __u64, 64);
MAP(locked, HASH, __u32, struct locked, 4);
MAP(array, ARRAY, __u32, struct odd, 3);
MAP(percpu_hash, PERCPU_HASH, __u32, struct odd, 4);
MAP(percpu_array, PERCPU_ARRAY, __u32, __u64, 2);

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 2);
	__type(value, struct odd);
} queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 2);
	__type(value, __u32);
} stack SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__uint(value_size, 4);
} programs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2);
	__uint(key_size, 3);
	__uint(value_size, 5);
} bytes SEC(".maps");

struct prefix {
	__u32 length;
	__u8 address[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 8);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct prefix);
	__type(value, __u32);
} trie SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct key);
	__type(value, __u64);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct inner);
} array_of_maps SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, struct key);
	__array(values, struct inner);
} hash_of_maps SEC(".maps");

const volatile bool verbose = false;
const volatile __u32 level = 7;
__u64 seen_level;
/* The kernel does not map a section with a lock in it, and lets no tracing program refer to one. */
struct locked special SEC(".data.special");

SEC("raw_tp/sys_enter")
int count(void *ctx)
{
	__u32 first = 0;
	__u64 *value = bpf_map_lookup_elem(&percpu_array, &first);

	seen_level = level;
	if (verbose && value) {
		__u64 now = bpf_ktime_get_ns();

		*value += now ? 1 : 2;
		bpf_printk("level %d at %llu", level, now);
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
