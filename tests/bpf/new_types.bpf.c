// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Type information of every kind that some kernel since 5.10 refuses: floating point, tags on declarations and types, 64-bit
// and signed enumerations. The program itself works on all of them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
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

enum wide { WIDE_LOW = 1, WIDE_HIGH = 0x100000000ull };
enum with_negative { NEGATIVE = -1, POSITIVE = 1 };

struct sample {
	float ratio;
	double precise;
	enum wide wide;
	enum with_negative negative;
	int __attribute__((btf_type_tag("tagged"))) *tagged __attribute__((btf_decl_tag("member")));
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sample);
} samples SEC(".maps");

SEC("iter/bpf_map") __attribute__((btf_decl_tag("program")))
int first_sample(struct bpf_iter__bpf_map *ctx)
{
	__u32 key = 0;
	struct sample *sample = bpf_map_lookup_elem(&samples, &key);

	if (sample && ctx->meta->seq_num == 0)
		BPF_SEQ_PRINTF(ctx->meta->seq, "wide %llu\n", (__u64)sample->wide);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
