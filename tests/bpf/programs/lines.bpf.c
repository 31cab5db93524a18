// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Lines that must still be said of the right instructions after the functions have moved. In the section, the functions that
// both programs call lie in another order than in the programs.
//
// build-as: lines.bpf.o
// build-as: lines_rejected.bpf.o -DREJECTED
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

/* Called last by both programs. */
static __noinline __u64 look_up(__u32 key)
{
	__u64 *value = bpf_map_lookup_elem(&counts, &key);

#ifdef REJECTED
	return *value; /* may be NULL */
#else
	return value ? *value : 0;
#endif
}

static __noinline __u64 time_of_day(void)
{
	return bpf_ktime_get_ns();
}

__noinline int processor(int add)
{
	return bpf_get_smp_processor_id() + add;
}

SEC("raw_tp/sched_switch")
int one(void *ctx)
{
	__u64 sum = time_of_day();

	sum += processor(1);
	return sum + look_up(sum) > 10;
}

SEC("raw_tp/sched_switch")
int two(void *ctx)
{
	__u64 sum = bpf_get_current_pid_tgid();

	sum += processor(2);
	return sum + look_up(sum) + time_of_day() > 10;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
