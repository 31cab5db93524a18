/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The job with libbpf and the skeleton that bpftool makes.
 *
 * libbpf [DIRECTORY]: load; with a directory, attach all and pin links and maps
 * under DIRECTORY/subject.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "subject.skel.h"

int main(int argc, char **argv)
{
	struct subject *subject = subject__open_and_load();
	struct bpf_map *map;
	char path[4096];

	if (!subject) {
		perror("load");
		return 1;
	}
	if (argc < 2)
		return 0;
	if (subject__attach(subject)) {
		perror("attach");
		return 1;
	}
	snprintf(path, sizeof(path), "%s/subject", argv[1]);
	if (mkdir(path, 0700)) {
		perror(path);
		return 1;
	}
	for (int index = 0; index < subject->skeleton->prog_cnt; index++) {
		struct bpf_prog_skeleton *program = &subject->skeleton->progs[index];

		snprintf(path, sizeof(path), "%s/subject/%s", argv[1], program->name);
		if (bpf_link__pin(*program->link, path)) {
			perror(path);
			return 1;
		}
	}
	bpf_object__for_each_map(map, subject->obj) {
		if (bpf_map__is_internal(map))
			continue;
		snprintf(path, sizeof(path), "%s/subject/%s", argv[1], bpf_map__name(map));
		if (bpf_map__pin(map, path)) {
			perror(path);
			return 1;
		}
	}
	return 0;
}
