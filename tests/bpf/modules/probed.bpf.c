// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs on a function of a module, tcp_bbr: with the module's name, without it, and by the name of the function alone.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 entries, exits, probes;

SEC("fentry/tcp_bbr:bbr_init")
int count_entries(void *ctx)
{
	__sync_fetch_and_add(&entries, 1);
	return 0;
}

SEC("fexit/bbr_init")
int count_exits(void *ctx)
{
	__sync_fetch_and_add(&exits, 1);
	return 0;
}

SEC("kprobe/bbr_init")
int count_probes(void *ctx)
{
	__sync_fetch_and_add(&probes, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
