// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A read through CO-RE, in an object stripped of the records that tell the kernel of it.
// build-strip: --remove-section=.BTF.ext
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_iter_meta {
	__u64 seq_num;
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
};

SEC("iter/task")
int dump(struct bpf_iter__task *ctx)
{
	return ctx->meta->seq_num;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
