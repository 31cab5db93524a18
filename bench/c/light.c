/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The job with the light skeleton of bpftool: a program of its own, which the
 * kernel verifies and runs, makes all the calls.
 *
 * names.h is written by the driver: pins of programs and maps, in their order.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "subject.lskel.h"
#include "names.h"

static int pin(const char *directory, const char *name, int fd)
{
	union bpf_attr attr = {};
	char path[4096];

	snprintf(path, sizeof(path), "%s/subject/%s", directory, name);
	attr.pathname = (long)path;
	attr.bpf_fd = fd;
	if (skel_sys_bpf(BPF_OBJ_PIN, &attr, sizeof(attr)) < 0) {
		perror(path);
		return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct subject *subject = subject__open_and_load();
	const int *links;
	const struct bpf_map_desc *descriptors;
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
	/* Fields in the order of the object, all of one kind. */
	links = (const int *)&subject->links;
	for (int index = 0; index < PROGRAMS; index++)
		if (pin(argv[1], programs[index], links[index]))
			return 1;
	descriptors = (const struct bpf_map_desc *)((const char *)subject + sizeof(subject->ctx));
	for (int index = 0; index < MAPS; index++)
		if (maps[index] && pin(argv[1], maps[index], descriptors[index].map_fd))
			return 1;
	return 0;
}
