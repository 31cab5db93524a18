// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// One of two files that `bpftool gen object` makes one object of: each calls, reads and writes what the other defines, both
// have a static function and a static variable of the same name, and a weak function gives way to a strong one.
//
// build-link: two_files_other.c
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	void *map;
};

struct nothing_that_exists {
	int number;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} shared SEC(".maps");

extern int counter;
int other_private(void);
__hidden int hidden_in_other(int number);

static int private = 100;

static __noinline int own(int number)
{
	return number + private++;
}

/* Gives way to that of the other file. Its instructions and its CO-RE relocation stay in the object, with nobody to call
 * them. */
__weak __noinline int chosen(void)
{
	volatile int number = bpf_core_type_exists(struct nothing_that_exists);

	return number;
}

/* Nobody else defines it. */
__weak __noinline int only(void)
{
	volatile int number = 3;

	return number;
}

SEC("iter/bpf_map")
int first(struct bpf_iter__bpf_map *ctx)
{
	__u32 key = 1;
	__u64 *value;

	if (ctx->meta->seq_num != 0)
		return 0;
	value = bpf_map_lookup_elem(&shared, &key);
	counter += own(1);
	BPF_SEQ_PRINTF(ctx->meta->seq, "counter %d chosen %d only %d other %d hidden %d shared %llu\n", counter,
		       chosen(), only(), other_private(), hidden_in_other(20), value ? *value : 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
