//! On interfaces, network namespaces and netfilter hooks.

use std::fs::File;

use preload_runtime::target::{Direction, Family, Hook, Netfilter, Order, XdpMode};
use preload_runtime::{Attachment, Errno, Fd, tcx_revision};

use super::events::{V4, V6, packet, raw_packet, send_to};
use super::objects::{frags, netfilter, netkit, netns, network};
use super::{counter, counts, in_network, ip, lives_by_its_pin};
use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::witness::Bpffs;

const TCX: &[Need] = &[Need::Kernel(6, 6)];
const FRAGS: &[Need] = &[Need::Kernel(5, 18)];
const VETH: &[Need] = &[Need::Symbol("veth_xdp")];
const CLASSIC: &[Need] = &[Need::Symbol("cls_bpf_classify")];
const NETKIT: &[Need] = &[Need::Kernel(6, 7), Need::Symbol("netkit_xmit")];
pub(crate) const NETFILTER: &[Need] = &[Need::Kernel(6, 4), Need::Symbol("bpf_nf_link_attach")];

pub(super) const TESTS: &[Test] = &[
    Test { name: "attach::xdp", needs: &[], run: xdp },
    Test { name: "attach::xdp_is_taken_over", needs: &[], run: xdp_is_taken_over },
    Test { name: "attach::xdp_frags", needs: FRAGS, run: xdp_frags },
    Test { name: "attach::xdp_in_the_driver", needs: VETH, run: xdp_in_the_driver },
    Test { name: "attach::tcx", needs: TCX, run: tcx },
    Test { name: "attach::tcx_in_order", needs: TCX, run: tcx_in_order },
    Test { name: "attach::classic_traffic_control", needs: CLASSIC, run: classic },
    Test { name: "attach::netkit", needs: NETKIT, run: netkit_pair },
    Test { name: "attach::netfilter", needs: NETFILTER, run: netfilter_hooks },
    Test { name: "attach::flow_dissector", needs: &[], run: flow_dissector },
    Test { name: "attach::sk_lookup", needs: &[], run: sk_lookup },
];

fn packet4() -> Outcome {
    packet(V4)
}

fn packet6() -> Outcome {
    packet(V6)
}

fn xdp() -> Outcome {
    in_network(|| {
        let skel = network::Skel::open().load()?;
        let link = skel.progs.count_xdp.attach_xdp("lo", XdpMode::Generic)?;
        equal(link.info()?.attachment, Attachment::Xdp { interface: 1 }, "what it is attached to")?;
        lives_by_its_pin(link, &skel.maps.bss, "xdp_packets", &packet4)?;

        let link = skel.progs.count_xdp.attach_xdp(1, XdpMode::Any)?;
        counts(&skel.maps.bss, "xdp_packets", &packet4)?;
        link.detach()?;
        let before = counter(&skel.maps.bss, "xdp_packets")?;
        packet4()?;
        equal(counter(&skel.maps.bss, "xdp_packets")?, before, "the counter after detaching")?;
        equal(link.info()?.attachment, Attachment::Xdp { interface: 0 }, "what is left of the link")
    })
}

/// Two XDP programs cannot be attached: the new one takes the link of the old one, and gives it back.
fn xdp_is_taken_over() -> Outcome {
    in_network(|| {
        let bpffs = Bpffs::mount()?;
        let pin = bpffs.join("xdp");
        let old = network::Skel::open().load()?;
        ensure(old.progs.count_xdp.plan().is_exclusive(), || "XDP is exclusive".into())?;
        ensure(!old.progs.count_ingress.plan().is_exclusive(), || "tcx is not exclusive".into())?;
        old.progs.count_xdp.attach_xdp("lo", XdpMode::Generic)?.pin(&pin)?;

        let new = network::Skel::open().load()?;
        let taken = new.progs.count_xdp.take_over(&pin)?.ok_or("it is where the settings say")?;
        counts(&new.maps.bss, "xdp_packets", &packet4)?;
        let link = taken.undo()?;
        equal(link.info()?.program_id, old.progs.count_xdp.id()?, "the program that is back")?;
        counts(&old.maps.bss, "xdp_packets", &packet4)?;
        let link = new.progs.count_xdp.take_over(&pin)?.ok_or("it is there still")?.into_link();
        equal(link.info()?.program_id, new.progs.count_xdp.id()?, "the program that stays")?;
        link.detach()?;
        ensure(new.progs.count_xdp.take_over(&pin)?.is_none(), || "it was attached to nothing".into())
    })
}

fn xdp_frags() -> Outcome {
    in_network(|| {
        let skel = frags::Skel::open().load()?;
        let link = skel.progs.count_frags.attach_xdp("lo", XdpMode::Generic)?;
        lives_by_its_pin(link, &skel.maps.bss, "packets", &packet4)
    })
}

fn xdp_in_the_driver() -> Outcome {
    in_network(|| {
        ip("link add one type veth peer name other")?;
        ip("link set one up")?;
        ip("link set other up")?;
        ip("addr add 10.9.1.1/24 dev other")?;
        let skel = network::Skel::open().load()?;
        let link = skel.progs.count_xdp.attach_xdp("one", XdpMode::Native)?;
        // What `other` sends, if only to ask who has that address, comes in at `one`.
        lives_by_its_pin(link, &skel.maps.bss, "xdp_packets", &|| {
            ip("neigh flush all")?;
            send_to("10.9.1.2:9")
        })
    })
}

fn tcx() -> Outcome {
    in_network(|| {
        let skel = network::Skel::open().load()?;
        let bss = &skel.maps.bss;
        let link = skel.progs.count_ingress.attach_tcx("lo", Order::any())?;
        equal(link.info()?.attachment, Attachment::Tcx { interface: 1, attach_type: 46 }, "ingress")?;
        lives_by_its_pin(link, bss, "ingress_packets", &packet4)?;
        let link = skel.progs.count_egress.attach_tcx("lo", Order::any())?;
        equal(link.info()?.attachment, Attachment::Tcx { interface: 1, attach_type: 47 }, "egress")?;
        lives_by_its_pin(link, bss, "egress_packets", &packet4)?;
        for direction in [Direction::Ingress, Direction::Egress] {
            let link = skel.progs.count_either.attach_tcx("lo", direction, Order::any())?;
            lives_by_its_pin(link, bss, "either_packets", &packet4)?;
        }
        Ok(())
    })
}

fn tcx_in_order() -> Outcome {
    in_network(|| {
        let skel = network::Skel::open().load()?;
        let (one, two) = (&skel.progs.count_ingress, &skel.progs.count_either);
        let ran = || -> Result<u64, libtest_mimic::Failed> {
            let before = counter(&skel.maps.bss, "order")?;
            packet4()?;
            // Two more digits for each packet.
            Ok(counter(&skel.maps.bss, "order")?.wrapping_sub(before.wrapping_mul(100)))
        };
        let first = one.attach_tcx("lo", Order::any())?;
        let id = first.id()?;
        let before = [Order::before_link(&first), Order::before_link_id(id), Order::first()];
        for order in before {
            let second = two.attach_tcx("lo", Direction::Ingress, order)?;
            equal(ran()?, 21, "the order in front")?;
            // A child of another test may have the descriptor for a moment, so that closing it would not be enough.
            second.detach()?;
        }
        for order in [Order::any(), Order::after_link(&first), Order::after_link_id(id), Order::last()] {
            let second = two.attach_tcx("lo", Direction::Ingress, order)?;
            equal(ran()?, 12, "the order behind")?;
            second.detach()?;
        }

        let revision = tcx_revision("lo", Direction::Ingress)?;
        let second = two.attach_tcx("lo", Direction::Ingress, Order::any().if_revision(revision))?;
        ensure(tcx_revision("lo", Direction::Ingress)? > revision, || "the revision stays".into())?;
        second.detach()?;
        let stale = two.attach_tcx("lo", Direction::Ingress, Order::any().if_revision(revision));
        equal(stale.err().and_then(|error| error.errno()), Some(Errno::ESTALE), "an old revision")?;
        let absent = two.attach_tcx("lo", Direction::Egress, Order::before_link(&first));
        equal(absent.err().and_then(|error| error.errno()), Some(Errno::ENOENT), "beside one elsewhere")
    })
}

fn classic() -> Outcome {
    in_network(|| {
        let skel = network::Skel::open().load()?;
        let bss = &skel.maps.bss;
        let ingress = skel.progs.count_ingress.attach_tc_unpinned("lo", 0)?;
        let egress = skel.progs.count_egress.attach_tc_unpinned("lo", 7)?;
        let either = skel.progs.count_either.attach_tc_unpinned("lo", Direction::Egress, 8)?;
        equal((egress.priority(), either.priority(), egress.interface()), (7, 8, 1), "what was made")?;
        ensure(ingress.priority() > 0 && ingress.handle() > 0, || format!("no numbers: {ingress:?}"))?;
        for name in ["ingress_packets", "egress_packets", "either_packets"] {
            counts(bss, name, &packet4)?;
        }
        let before = counter(bss, "egress_packets")?;
        egress.detach()?;
        packet4()?;
        equal(counter(bss, "egress_packets")?, before, "the counter after detaching")?;
        counts(bss, "either_packets", &packet4)?;
        either.detach()?;
        Ok(ingress.detach()?)
    })
}

fn netkit_pair() -> Outcome {
    in_network(|| {
        ip("link add pri0 type netkit")?;
        // The kernel has called the other one so.
        for (name, address) in [("pri0", "10.9.0.1/24"), ("nk0", "10.9.1.1/24")] {
            ip(&format!("link set {name} up"))?;
            ip(&format!("addr add {address} dev {name}"))?;
        }
        let skel = netkit::Skel::open().load()?;
        let primary = skel.progs.count_primary.attach_netkit("pri0", Order::any())?;
        ensure(
            matches!(primary.info()?.attachment, Attachment::Netkit { interface: 2.., attach_type: 54 }),
            || format!("not the primary: {:?}", primary.info()),
        )?;
        lives_by_its_pin(primary, &skel.maps.bss, "primary_packets", &|| send_to("10.9.0.2:9"))?;
        let peer = skel.progs.count_peer.attach_netkit("pri0", Order::first())?;
        lives_by_its_pin(peer, &skel.maps.bss, "peer_packets", &|| send_to("10.9.1.2:9"))?;

        let error = skel.progs.count_peer.attach_netkit("lo", Order::any()).err().ok_or("lo is no netkit")?;
        ensure(error.to_string().contains("netkit"), || error.to_string())
    })
}

fn netfilter_hooks() -> Outcome {
    in_network(|| {
        let skel = netfilter::Skel::open().load()?;
        let bss = &skel.maps.bss;
        let at = Netfilter::new(Family::Ipv4, Hook::LocalIn).priority(-7);
        let link = skel.progs.count_input.attach_netfilter(at)?;
        let attachment = Attachment::Netfilter { family: 2, hook: 1, priority: -7, flags: 0 };
        equal(link.info()?.attachment, attachment, "what it is attached to")?;
        let taken = skel.progs.count_output.attach_netfilter(at).err().ok_or("the priority is taken")?;
        equal(taken.errno(), Some(Errno::EBUSY), "a priority that is taken")?;
        ensure(taken.to_string().contains("this priority"), || taken.to_string())?;
        lives_by_its_pin(link, bss, "input4", &packet4)?;
        let at = Netfilter::new(Family::Ipv6, Hook::LocalOut);
        lives_by_its_pin(skel.progs.count_output.attach_netfilter(at)?, bss, "output6", &packet6)?;
        let early = Netfilter::new(Family::Ipv4, Hook::PreRouting).priority(-400).defragment();
        let error = skel.progs.count_input.attach_netfilter(early).err().ok_or("that is too early")?;
        ensure(error.to_string().contains("priority"), || error.to_string())
    })
}

fn flow_dissector() -> Outcome {
    in_network(|| {
        let skel = netns::Skel::open().load()?;
        let link = skel.progs.dissect.attach_netns("/proc/thread-self/ns/net")?;
        ensure(matches!(link.info()?.attachment, Attachment::Netns { inode: 1.., attach_type: 17 }), || {
            format!("{:?}", link.info())
        })?;
        let taken = skel.progs.dissect.attach_netns("/proc/thread-self/ns/net");
        let taken = taken.err().ok_or("two flow dissectors")?;
        ensure(taken.to_string().contains("take over the link"), || taken.to_string())?;
        lives_by_its_pin(link, &skel.maps.bss, "dissected", &raw_packet)
    })
}

fn sk_lookup() -> Outcome {
    in_network(|| {
        let skel = netns::Skel::open().load()?;
        let file = Fd::try_from(std::os::fd::OwnedFd::from(File::open("/proc/thread-self/ns/net")?))?;
        let link = skel.progs.look_up.attach_netns(&file)?;
        lives_by_its_pin(link, &skel.maps.bss, "looked_up", &packet4)
    })
}
