/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The floor: the calls that the job cannot do without, one after the other, with
 * everything worked out before, the ids of kernel types too. What a loader takes
 * beyond this is its own.
 *
 * floor.inc is written by the driver: the maps and programs of the case.
 */
#include <linux/bpf.h>

#include "bare.h"

struct map {
	unsigned int type, key_size, value_size, max_entries, flags, key_type, value_type, frozen;
	const char *name, *pin;
	const void *contents;
};

struct program {
	unsigned int type, attach_type, flags, target, insn_cnt, func_cnt, line_cnt, relo_cnt;
	const char *name, *pin;
	const void *insns, *funcs, *lines, *relos;
};

#include "floor.inc"

static int map_fds[MAPS + 1], link_fds[PROGRAMS + 1];

static long bpf(int command, union bpf_attr *attr)
{
	return syscall3(__NR_bpf, command, attr, sizeof(*attr));
}

/* Every call starts with a clean slate, as with any loader. */
#define ATTR(...) (&(union bpf_attr){ __VA_ARGS__ })

static void copy_name(char *to, const char *from)
{
	for (int at = 0; at < BPF_OBJ_NAME_LEN - 1 && from[at]; at++)
		to[at] = from[at];
}

static int create_map(const struct map *map, int btf)
{
	union bpf_attr attr = {
		.map_type = map->type, .key_size = map->key_size, .value_size = map->value_size,
		.max_entries = map->max_entries, .map_flags = map->flags,
	};
	unsigned int key = 0;
	int fd;

	copy_name(attr.map_name, map->name);
	if (map->value_type) {
		attr.btf_fd = btf;
		attr.btf_key_type_id = map->key_type;
		attr.btf_value_type_id = map->value_type;
	}
	fd = bpf(BPF_MAP_CREATE, &attr);
	if (fd < 0)
		leave(2);
	if (map->contents && bpf(BPF_MAP_UPDATE_ELEM, ATTR(.map_fd = fd, .key = (long)&key,
							   .value = (long)map->contents)) < 0)
		leave(3);
	if (map->frozen && bpf(BPF_MAP_FREEZE, ATTR(.map_fd = fd)) < 0)
		leave(4);
	return fd;
}

static int load_program(const struct program *program, int btf)
{
	union bpf_attr attr = {
		.prog_type = program->type, .expected_attach_type = program->attach_type,
		.prog_flags = program->flags, .attach_btf_id = program->target,
		.insns = (long)program->insns, .insn_cnt = program->insn_cnt,
		.license = (long)LICENSE, .fd_array = (long)map_fds,
		.prog_btf_fd = btf,
		.func_info = (long)program->funcs, .func_info_cnt = program->func_cnt,
		.func_info_rec_size = 8,
		.line_info = (long)program->lines, .line_info_cnt = program->line_cnt,
		.line_info_rec_size = 16,
		.core_relos = (long)program->relos, .core_relo_cnt = program->relo_cnt,
		.core_relo_rec_size = program->relo_cnt ? 16 : 0,
	};
	int fd;

	copy_name(attr.prog_name, program->name);
	fd = bpf(BPF_PROG_LOAD, &attr);
	if (fd < 0)
		leave(5);
	return fd;
}

/* Names start at the working directory. */
static void pin(int fd, const char *name)
{
	if (bpf(BPF_OBJ_PIN, ATTR(.pathname = (long)name, .bpf_fd = fd)) < 0)
		leave(8);
}

int run(int argc, char **argv, char **envp)
{
	int btf;

	btf = bpf(BPF_BTF_LOAD, ATTR(.btf = (long)btf_bytes, .btf_size = btf_end - btf_bytes));
	if (btf < 0)
		leave(1);
	for (int index = 0; index < MAPS; index++)
		map_fds[index] = create_map(&maps[index], btf);
	for (int index = 0; index < PROGRAMS; index++)
		link_fds[index] = load_program(&programs[index], btf);
	if (argc < 2)
		return 0;

	for (int index = 0; index < PROGRAMS; index++) {
		link_fds[index] = bpf(BPF_LINK_CREATE,
				      ATTR(.link_create.prog_fd = link_fds[index],
					   .link_create.attach_type = programs[index].attach_type));
		if (link_fds[index] < 0)
			leave(6);
	}
	if (syscall3(__NR_chdir, argv[1], 0, 0) < 0 || syscall3(__NR_mkdir, "subject", 0700, 0) < 0 ||
	    syscall3(__NR_chdir, "subject", 0, 0) < 0)
		leave(7);
	for (int index = 0; index < PROGRAMS; index++)
		if (programs[index].pin)
			pin(link_fds[index], programs[index].pin);
	for (int index = 0; index < MAPS; index++)
		if (maps[index].pin)
			pin(map_fds[index], maps[index].pin);
	return 0;
}
