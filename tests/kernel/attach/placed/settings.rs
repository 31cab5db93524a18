//! What the attribute's settings say is what `attach` and `preload` do.

use std::path::Path;

use libtest_mimic::Failed;

use super::events::{V4, V6, packet, send_to};
use super::objects::{netns, network, sockets};
use super::{counts, in_network, ip};
use crate::features::{counters, preloaded};
use crate::harness::{Need, Outcome, Test, ensure, equal};

const TCX: &[Need] = &[Need::Kernel(6, 6)];
const NETKIT: &[Need] = &[Need::Kernel(6, 7), Need::Symbol("netkit_xmit")];
const NETFILTER: &[Need] = &[Need::Kernel(6, 4), Need::Symbol("bpf_nf_link_attach")];
const MAP_LINKS: &[Need] = &[Need::Kernel(6, 10)];

pub(super) const TESTS: &[Test] = &[
    Test { name: "features::programs_on_interfaces", needs: TCX, run: interfaces },
    Test { name: "attach::settings_in_older_sections", needs: TCX, run: older_sections },
    Test { name: "features::programs_on_netkit", needs: NETKIT, run: on_netkit },
    Test { name: "features::programs_at_netfilter", needs: NETFILTER, run: at_netfilter },
    Test { name: "attach::settings_name_a_namespace", needs: &[], run: namespace },
    Test { name: "attach::settings_name_a_map", needs: MAP_LINKS, run: map },
];

/// The counter of a pinned link's program goes up with the event.
pub(in crate::attach) fn pinned_counts(link: &Path, name: &str, event: &dyn Fn() -> Outcome) -> Outcome {
    let value = || -> Result<u64, Failed> {
        counters(link)?.get(name).copied().ok_or_else(|| format!("no variable {name}").into())
    };
    let before = value()?;
    event()?;
    ensure(value()? > before, || format!("{name} stays at {before}"))
}

/// Another process preloads it, with no more than what the attribute says, and ends.
fn interfaces() -> Outcome {
    in_network(|| {
        let links = ["count_xdp", "count_ingress", "count_egress", "count_either"];
        let counters = ["xdp_packets", "ingress_packets", "egress_packets", "either_packets"];
        preloaded("network", &links, |pins| {
            for (link, counter) in links.iter().zip(counters) {
                pinned_counts(&pins.join(link), counter, &|| packet(V4))?;
            }
            Ok(())
        })
    })
}

fn older_sections() -> Outcome {
    in_network(|| {
        preloaded("traffic", &["on_ingress", "on_egress", "classify"], |pins| {
            pinned_counts(&pins.join("on_ingress"), "old_ingress", &|| packet(V4))?;
            pinned_counts(&pins.join("on_egress"), "new_egress", &|| packet(V4))?;
            pinned_counts(&pins.join("classify"), "classified", &|| packet(V4))
        })
    })
}

fn on_netkit() -> Outcome {
    in_network(|| {
        ip("link add pri0 type netkit")?;
        ip("link set pri0 up")?;
        ip("link set nk0 up")?;
        ip("addr add 10.9.0.1/24 dev pri0")?;
        preloaded("netkit", &["count_primary", "count_peer"], |pins| {
            pinned_counts(&pins.join("count_primary"), "primary_packets", &|| send_to("10.9.0.2:9"))
        })
    })
}

fn at_netfilter() -> Outcome {
    in_network(|| {
        preloaded("netfilter", &["count_input", "count_output"], |pins| {
            pinned_counts(&pins.join("count_input"), "input4", &|| packet(V4))?;
            pinned_counts(&pins.join("count_output"), "output6", &|| packet(V6))
        })
    })
}

fn namespace() -> Outcome {
    in_network(|| {
        let mut skel = netns::Skel::open().load()?;
        ensure(skel.attach()?.is_empty(), || "something is left".into())?;
        counts(&skel.maps.bss, "looked_up", &|| packet(V4))
    })
}

/// All of them or none: the second program cannot be attached, and the first one is not.
fn map() -> Outcome {
    in_network(|| {
        let mut skel = sockets::Skel::open().load()?;
        let taken = skel.progs.parse.attach_sock_map(&skel.maps.sockets)?;
        let error = skel.attach().err().ok_or("the parser was attached twice")?;
        equal(error.item(), Some("parse"), "the program that could not be attached")?;
        ensure(error.to_string().contains("to map sockets"), || error.to_string())?;
        drop(taken);
        let left = skel.attach()?;
        equal(left.names().collect::<Vec<_>>(), ["filter", "choose"].into(), "what is left to the caller")?;
        let mut network = network::Skel::open().load()?;
        ensure(network.attach()?.is_empty(), || "something is left".into())
    })
}
