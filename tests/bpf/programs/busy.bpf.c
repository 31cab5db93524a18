// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs that keep the verifier busy for milliseconds each, so that they are loaded on several threads. In the second
// object it refuses two of them.
// build-as: busy.bpf.o
// build-as: busy_refused.bpf.o -DREFUSED
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __always_inline __u64 busy(void)
{
	__u64 sum = 0, bits = bpf_get_prandom_u32();

	for (int turn = 0; turn < 1200; turn++) {
		if (bits & 1ULL << (turn & 63))
			sum += turn * sum;
		else
			sum ^= bits >> (turn & 31);
		bits = bits * 6364136223846793005ULL + sum;
	}
	return sum;
}

#define BUSY(name)		\
	SEC("raw_tp/sched_process_wait")		\
	int name(void *ctx)	\
	{			\
		return busy() & 1; \
	}

// What lies behind the arguments cannot be read.
#ifdef REFUSED
#define UNSURE(name)				\
	SEC("raw_tp/sched_process_wait")				\
	int name(__u64 *ctx)			\
	{					\
		return ctx[100000] + busy();	\
	}
#else
#define UNSURE(name) BUSY(name)
#endif

BUSY(busy_0)
BUSY(busy_1)
BUSY(busy_2)
BUSY(busy_3)
BUSY(busy_4)
BUSY(busy_5)
BUSY(busy_6)
UNSURE(busy_7)
UNSURE(busy_8)
BUSY(busy_9)
BUSY(busy_10)
BUSY(busy_11)

char LICENSE[] SEC("license") = "Dual MIT/GPL";
