// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Iterators that go through a map, which they are told. No CO-RE, since the members they read have not moved since 5.8.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	void *map;
	__u32 *key;
	__u64 *value;
};

struct bpf_iter__sockmap {
	struct bpf_iter_meta *meta;
	void *map;
	__u32 *key;
	void *sk;
};

struct bpf_iter__bpf_sk_storage_map {
	struct bpf_iter_meta *meta;
	void *map;
	void *sk;
	__u64 *value;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u64);
} numbers SEC(".maps");

/* Its keys and values are shorter than what the program reads. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} short_numbers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} storage SEC(".maps");

SEC("iter/bpf_map_elem")
int show_elements(struct bpf_iter__bpf_map_elem *ctx)
{
	__u32 *key = ctx->key;
	__u64 *value = ctx->value;

	if (key && value)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%u: %llu\n", *key, *value);
	return 0;
}

SEC("iter/sockmap")
int show_sockets(struct bpf_iter__sockmap *ctx)
{
	__u32 *key = ctx->key;

	if (key)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%u: %s\n", *key, ctx->sk ? "socket" : "empty");
	return 0;
}

SEC("iter/bpf_sk_storage_map")
int show_storage(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	__u64 *value = ctx->value;

	if (value)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%llu\n", *value);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
