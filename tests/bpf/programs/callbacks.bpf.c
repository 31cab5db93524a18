// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Functions that helpers call: one for each element of a map, one in a loop that starts another loop, and one by a timer
// after the program has ended. Each calls a subprogram of its own, so each has to be followed.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define CLOCK_MONOTONIC 1

struct alarm {
	struct bpf_timer timer;
	__u64 rings;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 5);
	__type(key, __u32);
	__type(value, __u64);
} numbers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct alarm);
} alarms SEC(".maps");

__u64 elements;
__u64 rounds;
__u64 rung;

static __noinline __u64 square(__u64 number)
{
	return number * number;
}

static long each(void *map, __u32 *key, __u64 *value, __u64 *sum)
{
	*value = square(*key + 1);
	*sum += *value;
	return 0;
}

static __noinline void one_round(void)
{
	__sync_fetch_and_add(&rounds, 1);
}

static long inner(__u32 index, void *context)
{
	one_round();
	return 0;
}

static long outer(__u32 index, void *context)
{
	bpf_loop(3, inner, 0, 0);
	return 0;
}

static int ring(void *map, __u32 *key, struct alarm *alarm)
{
	alarm->rings = square(7);
	rung = alarm->rings;
	return 0;
}

static __noinline int start_timer(void)
{
	__u32 key = 0;
	struct alarm *alarm = bpf_map_lookup_elem(&alarms, &key);

	if (!alarm)
		return -1;
	bpf_timer_init(&alarm->timer, &alarms, CLOCK_MONOTONIC);
	bpf_timer_set_callback(&alarm->timer, ring);
	return bpf_timer_start(&alarm->timer, 0, 0);
}

SEC("tc")
int call_back(struct __sk_buff *ctx)
{
	__u64 sum = 0;

	bpf_for_each_map_elem(&numbers, each, &sum, 0);
	elements = sum;
	bpf_loop(4, outer, 0, 0);
	return start_timer() ? 1 : 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
