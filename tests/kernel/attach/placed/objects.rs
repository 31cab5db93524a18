//! The objects that the tests of this folder load.

#![allow(missing_docs, reason = "each has its description in the BPF source")]

use preload_macros::bpf_preload;

use crate::objects::{Object, objects};

#[bpf_preload(
    "../../../bpf/attach/placed/network.bpf.o",
    program(count_xdp, interface = "lo", mode = "generic"),
    program(count_ingress, interface = 1, order = "first"),
    program(count_egress, interface = "lo"),
    program(count_either, interface = "lo", direction = "ingress", order = "last")
)]
pub(crate) mod network {}

#[bpf_preload(
    "../../../bpf/attach/placed/frags.bpf.o",
    program(count_frags, interface = "lo", mode = "generic")
)]
pub(crate) mod frags {}

#[bpf_preload(
    "../../../bpf/attach/placed/netkit.bpf.o",
    program(count_primary, interface = "pri0"),
    program(count_peer, interface = "pri0", order = "first")
)]
pub(crate) mod netkit {}

#[bpf_preload(
    "../../../bpf/attach/placed/netfilter.bpf.o",
    program(count_input, family = "ipv4", hook = "input", priority = -7),
    program(count_output, family = "ipv6", hook = "output")
)]
pub(crate) mod netfilter {}

#[bpf_preload(
    "../../../bpf/attach/placed/netns.bpf.o",
    program(dissect, netns = "/proc/thread-self/ns/net"),
    program(look_up, netns = "/proc/thread-self/ns/net")
)]
pub(crate) mod netns {}

#[bpf_preload(
    "../../../bpf/attach/placed/cgroup.bpf.o",
    program(skb_ingress, manual),
    program(skb_egress, manual),
    program(skb_either, manual),
    program(sock, manual),
    program(sock_create, manual),
    program(sock_release, manual),
    program(post_bind4, manual),
    program(post_bind6, manual),
    program(bind4, manual),
    program(bind6, manual),
    program(connect4, manual),
    program(connect6, manual),
    program(sendmsg4, manual),
    program(sendmsg6, manual),
    program(recvmsg4, manual),
    program(recvmsg6, manual),
    program(getpeername4, manual),
    program(getpeername6, manual),
    program(getsockname4, manual),
    program(getsockname6, manual),
    program(sysctl, manual),
    program(getsockopt, manual),
    program(setsockopt, manual),
    program(device, manual),
    program(operate, manual)
)]
pub(crate) mod cgroup {}

#[bpf_preload(
    "../../../bpf/attach/placed/cgroup_unix.bpf.o",
    program(connect_unix, manual),
    program(sendmsg_unix, manual),
    program(recvmsg_unix, manual),
    program(getpeername_unix, manual),
    program(getsockname_unix, manual)
)]
pub(crate) mod cgroup_unix {}

#[bpf_preload("../../../bpf/attach/placed/lsm_cgroup.bpf.o", program(count_sockets, manual))]
pub(crate) mod lsm_cgroup {}

#[bpf_preload(
    "../../../bpf/attach/placed/sockets.bpf.o",
    program(filter, manual),
    program(choose, manual),
    program(on_message, map = "sockets"),
    program(parse, map = "sockets"),
    program(judge, map = "sockets", hook = "stream_verdict")
)]
pub(crate) mod sockets {}

#[bpf_preload(
    "../../../bpf/attach/placed/traffic.bpf.o",
    program(on_ingress, interface = "lo"),
    program(on_egress, interface = "lo"),
    program(classify, interface = "lo", direction = "egress")
)]
pub(crate) mod traffic {}

#[bpf_preload(
    "../../../bpf/attach/placed/verdicts.bpf.o",
    program(parse, map = "parsed"),
    program(judge, map = "parsed"),
    program(judge_alone, map = "unparsed"),
    program(migrate, manual)
)]
pub(crate) mod verdicts {}

#[bpf_preload(
    "../../../bpf/attach/placed/entries.bpf.o",
    program(redirect_to_interface, manual),
    program(redirect_to_cpu, manual),
    program(on_the_way_out, manual),
    program(on_the_cpu, manual)
)]
pub(crate) mod entries {}

#[bpf_preload(
    "../../../bpf/attach/placed/entries_frags.bpf.o",
    program(redirect_to_interface, manual),
    program(redirect_to_cpu, manual),
    program(on_the_way_out, manual),
    program(on_the_cpu, manual)
)]
pub(crate) mod entries_frags {}

#[bpf_preload("../../../bpf/attach/placed/action.bpf.o", program(count_packets, manual))]
pub(crate) mod action {}

#[bpf_preload(
    "../../../bpf/attach/placed/routes.bpf.o",
    program(on_input, manual),
    program(on_output, manual),
    program(on_transmission, manual),
    program(on_segment, manual)
)]
pub(crate) mod routes {}

#[bpf_preload("../../../bpf/attach/placed/infrared.bpf.o", program(decode, manual))]
pub(crate) mod infrared {}

#[bpf_preload("../../../bpf/attach/placed/perf.bpf.o", program(count_samples, manual))]
pub(crate) mod perf {}

#[bpf_preload("../../../bpf/attach/placed/run.bpf.o", program(add, manual))]
pub(crate) mod run {}

pub(crate) static OBJECTS: &[Object] = objects! { network traffic netkit netfilter netns };
