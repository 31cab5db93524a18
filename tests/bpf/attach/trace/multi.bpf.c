// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs that count at many kernel functions.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define PROGRAM(section, name, counter)                 \
	__u64 counter;                                  \
	SEC(section) int name(void *ctx)                \
	{                                               \
		__sync_fetch_and_add(&counter, 1);      \
		return 0;                               \
	}

PROGRAM("fentry.multi/bpf_fentry_test*", on_entries, entries)
PROGRAM("fexit.multi/vmlinux:bpf_fentry_test?", on_exits, exits)
PROGRAM("fsession.multi/bpf_fentry_test1", on_both, both)
PROGRAM("fentry.multi.s/bpf_fentry_test1", on_entries_asleep, entries_asleep)
PROGRAM("fexit.multi.s/bpf_fentry_test1", on_exits_asleep, exits_asleep)
PROGRAM("fsession.multi.s/bpf_fentry_test1", on_both_asleep, both_asleep)

__u64 cookie;

SEC("fentry.multi/security_file_*")
int on_files(void *ctx)
{
	cookie = bpf_get_attach_cookie(ctx);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
