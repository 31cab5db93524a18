// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A map and an iterator in one object: both the link and the map are pinned.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define KERNEL_TYPE __attribute__((preserve_access_index))

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
} KERNEL_TYPE;

struct bpf_map {
	__u32 id;
	char name[BPF_OBJ_NAME_LEN];
} KERNEL_TYPE;

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
} KERNEL_TYPE;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ringbuf SEC(".maps");

SEC("iter/bpf_map")
int dump_bpf_map(struct bpf_iter__bpf_map *ctx)
{
	struct bpf_map *map = ctx->map;
	__u32 *record;

	if (!map)
		return 0;

	// A reader of the ring buffer sees the ids that a reader of the link has seen.
	record = bpf_ringbuf_reserve(&ringbuf, sizeof(*record), 0);
	if (record) {
		*record = map->id;
		bpf_ringbuf_submit(record, 0);
	}
	BPF_SEQ_PRINTF(ctx->meta->seq, "%u %s\n", map->id, map->name);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
