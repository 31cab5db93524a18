// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A value that no kernel's configuration has and the program cannot do without, and one of another type; each in a
// program that is left out unless it is switched on.
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int CONFIG_NO_SUCH_OPTION __kconfig;
extern bool CONFIG_HZ __kconfig;

SEC("iter/bpf_map")
int needs_nothing(void *ctx)
{
	return 0;
}

SEC("?iter/bpf_map")
int needs_what_is_missing(void *ctx)
{
	return CONFIG_NO_SUCH_OPTION;
}

SEC("?iter/bpf_map")
int takes_a_number_for_a_bool(void *ctx)
{
	return CONFIG_HZ;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
