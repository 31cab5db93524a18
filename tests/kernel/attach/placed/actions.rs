//! A program as a traffic control action, which `tc` puts into a filter by its pin.

use std::net::UdpSocket;
use std::process::Command;

use super::objects::action;
use super::{counts, in_network};
use crate::harness::{Need, Outcome, Test};
use crate::witness::{Bpffs, run};

/// That of iproute2; the one of busybox knows nothing of programs.
const TC: &str = "/usr/sbin/tc";

/// A symbol of each module, or of what is built in: actions that are programs, a filter that takes all packets, and the
/// place for it.
const NEEDS: &[Need] = &[
    Need::File(TC),
    Need::Symbol("tcf_bpf_init"),
    Need::Symbol("mall_classify"),
    Need::Symbol("clsact_init"),
];

pub(super) const TESTS: &[Test] = &[Test { name: "attach::action", needs: NEEDS, run: in_a_filter }];

fn in_a_filter() -> Outcome {
    in_network(|| {
        let bpffs = Bpffs::mount()?;
        let skel = action::Skel::open().load()?;
        let pin = bpffs.join("action");
        skel.progs.count_packets.pin(&pin)?;
        tc("qdisc add dev lo clsact")?;
        tc(&format!("filter add dev lo ingress matchall action bpf object-pinned {}", pin.display()))?;
        counts(&skel.maps.bss, "packets", &|| {
            UdpSocket::bind("127.0.0.1:0")?.send_to(b"packet", "127.0.0.1:9")?;
            Ok(())
        })
    })
}

fn tc(arguments: &str) -> Outcome {
    run(Command::new(TC).args(arguments.split(' '))).map(drop)
}
