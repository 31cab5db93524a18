// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// CO-RE relocations that no kernel can carry out: guarded in the first program, and without a guard in the others, which
// are left out unless they are switched on.
#include "../externs/iter.h"
#include <bpf/bpf_core_read.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct sched_entity {
	struct {
		int no_such_numbers[4];
	};
};

struct task_struct {
	int no_such_field;
	struct sched_entity se;
};

#pragma clang attribute pop

enum bpf_map_type___other {
	BPF_MAP_TYPE_NO_SUCH = 1001,
};

SEC("iter/bpf_map")
int asks_first(struct bpf_iter__bpf_map *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	if (bpf_core_field_exists(task->no_such_field))
		return BPF_CORE_READ(task, no_such_field) & 1;
	return 0;
}

SEC("?iter/bpf_map")
int reads_a_field(struct bpf_iter__bpf_map *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, no_such_field) & 1;
}

SEC("?iter/bpf_map")
int reads_a_nested_field(struct bpf_iter__bpf_map *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, se.no_such_numbers[2]) & 1;
}

SEC("?iter/bpf_map")
int takes_a_value(struct bpf_iter__bpf_map *ctx)
{
	return bpf_core_enum_value(enum bpf_map_type___other, BPF_MAP_TYPE_NO_SUCH) & 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
