// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A CO-RE relocation of every kind, on fields of every shape.
#include <stdbool.h>
#include "../externs/iter.h"
#include <bpf/bpf_core_read.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	__u32 val;
} kuid_t;

struct cred {
	kuid_t uid;
};

struct task_struct {
	char comm[16];
	struct task_struct *group_leader;
	const struct cred *cred;
	int pid;
	int exit_state;
};

/* Another declaration of the same, with a member that there is not. */
struct task_struct___other {
	int no_such_field;
};

struct bpf_prog_aux {
	__u32 id;
};

struct bpf_prog {
	__u16 jited : 1, gpl_compatible : 1;
	__u32 len;
	struct bpf_prog_aux *aux;
};

struct bpf_map {
	__u32 max_entries;
};

struct no_such_type {
	int member;
};

struct callback_head {
	struct callback_head *next;
};

#pragma clang attribute pop

/* Other numbers than the kernel's. */
enum bpf_map_type___other {
	BPF_MAP_TYPE_RINGBUF___other = 1000,
	BPF_MAP_TYPE_NO_SUCH___other = 1001,
};

struct bpf_iter__bpf_prog {
	struct bpf_iter_meta *meta;
	struct bpf_prog *prog;
};

#define FIELD_SIGNED 3

SEC("iter/bpf_map")
int show_fields(struct bpf_iter__bpf_map *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task;
	char comm[16] = {};

	if (!is_first(ctx))
		return 0;
	task = (void *)bpf_get_current_task();
	bpf_get_current_comm(comm, sizeof(comm));
	BPF_SEQ_PRINTF(seq, "pid %d\nleader %d\n",
		       BPF_CORE_READ(task, pid) == (int)bpf_get_current_pid_tgid(),
		       BPF_CORE_READ(task, group_leader, pid) == (int)(bpf_get_current_pid_tgid() >> 32));
	BPF_SEQ_PRINTF(seq, "uid %d\ncomm %d\n",
		       BPF_CORE_READ(task, cred, uid.val) == (__u32)bpf_get_current_uid_gid(),
		       BPF_CORE_READ(task, comm[1]) == comm[1]);
	BPF_SEQ_PRINTF(seq, "comm_offset %d\ncomm_size %d\n", __builtin_preserve_field_info(task->comm, 0),
		       bpf_core_field_size(task->comm));
	BPF_SEQ_PRINTF(seq, "exists %d\nexists_not %d\n", bpf_core_field_exists(task->pid),
		       bpf_core_field_exists(((struct task_struct___other *)task)->no_such_field));
	BPF_SEQ_PRINTF(seq, "signed %d\nunsigned %d\n",
		       __builtin_preserve_field_info(task->pid, FIELD_SIGNED),
		       __builtin_preserve_field_info(((struct cred *)0)->uid.val, FIELD_SIGNED));
	return 0;
}

SEC("iter/bpf_map")
int show_types(struct bpf_iter__bpf_map *ctx)
{
	struct seq_file *seq = ctx->meta->seq;

	if (!is_first(ctx))
		return 0;
	BPF_SEQ_PRINTF(seq, "map_id %d\nmap_size %d\n", bpf_core_type_id_kernel(struct bpf_map),
		       bpf_core_type_size(struct bpf_map));
	BPF_SEQ_PRINTF(seq, "size_not %d\nlocal_id %d\n", bpf_core_type_size(struct no_such_type),
		       bpf_core_type_id_local(struct no_such_type) != 0);
	BPF_SEQ_PRINTF(seq, "type_exists %d\ntype_exists_not %d\n", bpf_core_type_exists(struct bpf_map),
		       bpf_core_type_exists(struct no_such_type));
	BPF_SEQ_PRINTF(seq, "type_matches %d\ntype_matches_not %d\n",
		       bpf_core_type_matches(struct callback_head),
		       bpf_core_type_matches(struct task_struct___other));
	BPF_SEQ_PRINTF(seq, "enum_value %d\nenum_exists %d\nenum_exists_not %d\n",
		       bpf_core_enum_value(enum bpf_map_type___other, BPF_MAP_TYPE_RINGBUF___other),
		       bpf_core_enum_value_exists(enum bpf_map_type___other, BPF_MAP_TYPE_RINGBUF___other),
		       bpf_core_enum_value_exists(enum bpf_map_type___other, BPF_MAP_TYPE_NO_SUCH___other));
	return 0;
}

SEC("iter/bpf_prog")
int show_programs(struct bpf_iter__bpf_prog *ctx)
{
	struct bpf_prog *prog = ctx->prog;

	if (!prog)
		return 0;
	BPF_SEQ_PRINTF(ctx->meta->seq, "%d %d %d %d\n", prog->aux->id,
		       (int)BPF_CORE_READ_BITFIELD_PROBED(prog, gpl_compatible),
		       (int)BPF_CORE_READ_BITFIELD_PROBED(prog, jited), prog->len != 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
