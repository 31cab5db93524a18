// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs for many kernel functions, which the caller attaches.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define PROGRAM(section, name) SEC(section) int name(void *ctx) { return 0; }

PROGRAM("fentry.multi", on_entries)
PROGRAM("fexit.multi", on_exits)
PROGRAM("fsession.multi", on_both)
PROGRAM("fentry.multi.s", on_entries_asleep)
PROGRAM("fexit.multi.s", on_exits_asleep)
PROGRAM("fsession.multi.s", on_both_asleep)

char LICENSE[] SEC("license") = "Dual MIT/GPL";
