//! Programs that are left to the caller are loaded as what their sections say.

use preload_macros::bpf_preload;
use preload_runtime::{Program, Skeleton};

use crate::harness::{Outcome, Test, equal};
use crate::witness::bpftool;

#[bpf_preload(
    "../../bpf/attach/by_hand.bpf.o",
    program(filter, manual),
    program(choose, manual),
    program(classify, manual),
    program(act, manual),
    program(receive, manual),
    program(send, manual),
    program(sample, manual),
    program(tunnel, manual),
    program(operate, manual),
    program(parse, manual),
    program(message, manual),
    program(dissect, manual),
    program(egress, manual),
    program(create, manual),
    program(connect4, manual),
    program(sysctl, manual),
    program(getsockopt, manual),
    program(device, manual),
    program(look_up, manual)
)]
mod by_hand {}

pub(super) const TESTS: &[Test] =
    &[Test { name: "attach::by_hand::programs_are_loaded_as_their_type", needs: &[], run: types }];

fn types() -> Outcome {
    let mut skel = by_hand::Skel::open().load()?;
    let programs = bpftool("prog")?;
    let expected = [
        ("filter", "socket_filter"),
        ("choose", "sk_reuseport"),
        ("classify", "sched_cls"),
        ("act", "sched_act"),
        ("receive", "xdp"),
        ("send", "xdp"),
        ("sample", "perf_event"),
        ("tunnel", "lwt_xmit"),
        ("operate", "sock_ops"),
        ("parse", "sk_skb"),
        ("message", "sk_msg"),
        ("dissect", "flow_dissector"),
        ("egress", "cgroup_skb"),
        ("create", "cgroup_sock"),
        ("connect4", "cgroup_sock_addr"),
        ("sysctl", "cgroup_sysctl"),
        ("getsockopt", "cgroup_sockopt"),
        ("device", "cgroup_device"),
        ("look_up", "sk_lookup"),
    ];
    equal(
        skel.programs().map(Program::name).collect::<Vec<_>>(),
        expected.map(|(name, _)| name).into(),
        "names",
    )?;
    for (name, program_type) in expected {
        let id = skel.program(name).ok_or("a program is missing")?.id()?;
        let seen = programs.get(&id).and_then(|program| program.get("type")?.as_str());
        equal(seen, Some(program_type), name)?;
    }
    let left = skel.attach()?;
    equal(left.names().count(), expected.len(), "the programs left to the caller")
}
