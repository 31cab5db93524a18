// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// The object of the documentation of maps and variables: one of each that it speaks of.
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

struct key {
	__u32 pid;
	__u32 kind;
};

enum mode { LAX, STRICT };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct key);
	__type(value, __u64);
} counts SEC(".maps");

const volatile bool verbose = false;
const volatile __u32 limit = 100;
const volatile __u16 ports[2] = { 80, 8080 };
const volatile char comm[16] = "init";
const volatile enum mode mode = LAX;

__u32 level = 1;
__u64 events;

SEC("raw_tp/sched_process_exit")
int count(void *ctx)
{
	struct key key = { .pid = bpf_get_current_pid_tgid() >> 32, .kind = mode + ports[0] + comm[0] };
	__u64 *known = bpf_map_lookup_elem(&counts, &key), one = 1;

	if (level && events++ < limit) {
		if (known)
			*known += 1;
		else
			bpf_map_update_elem(&counts, &key, &one, BPF_ANY);
	}
	if (verbose)
		bpf_printk("%u", key.pid);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
