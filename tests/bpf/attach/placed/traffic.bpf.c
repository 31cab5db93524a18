// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Programs behind the driver, in the sections of the older names.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 old_ingress;
__u64 new_egress;
__u64 classified;

/* TC_ACT_UNSPEC: the next program is asked. */
SEC("tc/ingress")
int on_ingress(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&old_ingress, 1);
	return -1;
}

SEC("tcx/egress")
int on_egress(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&new_egress, 1);
	return -1;
}

SEC("classifier")
int classify(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&classified, 1);
	return -1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
