// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Two iterators: reading the pinned link of the first lists the BPF maps of the
// machine, reading that of the second lists its BPF programs. The columns are those
// of the kernel's own preload module, without the element count.
//
// Only the members named here are looked at, and all of them through CO-RE: the
// kernel finds their offsets in its own BTF when it loads the programs.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
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
	__u32 max_entries;
} KERNEL_TYPE;

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
} KERNEL_TYPE;

struct btf_type {
	__u32 name_off;
} KERNEL_TYPE;

struct btf_header {
	__u32 str_len;
} KERNEL_TYPE;

struct btf {
	const char *strings;
	struct btf_type **types;
	struct btf_header hdr;
} KERNEL_TYPE;

// The record itself is UAPI and does not move; `aux->func_info` points to an array of it.
struct bpf_prog;

struct bpf_prog_aux {
	__u32 id;
	char name[BPF_OBJ_NAME_LEN];
	const char *attach_func_name;
	struct bpf_prog *dst_prog;
	struct bpf_func_info *func_info;
	struct btf *btf;
} KERNEL_TYPE;

struct bpf_prog {
	struct bpf_prog_aux *aux;
} KERNEL_TYPE;

struct bpf_iter__bpf_prog {
	struct bpf_iter_meta *meta;
	struct bpf_prog *prog;
} KERNEL_TYPE;

SEC("iter/bpf_map")
int dump_bpf_map(struct bpf_iter__bpf_map *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct bpf_map *map = ctx->map;

	// The call after the last map carries none.
	if (!map)
		return 0;
	if (ctx->meta->seq_num == 0)
		BPF_SEQ_PRINTF(seq, "  id name             max_entries\n");

	BPF_SEQ_PRINTF(seq, "%4u %-16s%6d\n", map->id, map->name, map->max_entries);
	return 0;
}

// A string literal would get a section, and so a map, of its own.
static const char nothing[] = "";

// The full name of the main function, which BTF knows; `aux->name` is cut to 15 characters.
static const char *full_name(struct bpf_prog_aux *aux)
{
	struct btf *btf = aux->btf;
	struct btf_type *func;
	__u32 type_id, name_off;

	if (!btf || !aux->func_info)
		return aux->name;
	bpf_probe_read_kernel(&type_id, sizeof(type_id), &aux->func_info->type_id);
	bpf_probe_read_kernel(&func, sizeof(func), btf->types + type_id);
	name_off = BPF_CORE_READ(func, name_off);
	if (name_off >= btf->hdr.str_len)
		return aux->name;
	return btf->strings + name_off;
}

SEC("iter/bpf_prog")
int dump_bpf_prog(struct bpf_iter__bpf_prog *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct bpf_prog *prog = ctx->prog;
	struct bpf_prog_aux *aux;

	if (!prog)
		return 0;
	aux = prog->aux;
	if (ctx->meta->seq_num == 0)
		BPF_SEQ_PRINTF(seq, "  id name             attached\n");

	BPF_SEQ_PRINTF(seq, "%4u %-16s %s %s\n", aux->id, full_name(aux),
		       aux->attach_func_name, aux->dst_prog ? aux->dst_prog->aux->name : nothing);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
