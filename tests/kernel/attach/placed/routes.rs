//! Programs on routes, which `ip` puts there by their pins.

use std::fs;
use std::net::UdpSocket;

use super::objects::routes;
use super::{counts, in_network, ip};
use crate::harness::{Need, Outcome, Test};
use crate::witness::Bpffs;

/// That of iproute2; the one of busybox knows nothing of programs.
const IP: &[Need] = &[Need::File("/usr/sbin/ip"), Need::Symbol("bpf_build_state")];

/// The symbol of each module, or of what is built in.
const SEGMENTS: &[Need] =
    &[Need::File("/usr/sbin/ip"), Need::Symbol("input_action_end_bpf"), Need::Symbol("veth_xdp")];

pub(super) const TESTS: &[Test] = &[
    Test { name: "attach::routes", needs: IP, run: on_routes },
    Test { name: "attach::segment_routing", needs: SEGMENTS, run: on_segments },
];

fn on_routes() -> Outcome {
    in_network(|| {
        let bpffs = Bpffs::mount()?;
        let skel = routes::Skel::open().load()?;
        let pins = ["in", "out", "xmit"].map(|name| bpffs.join(name));
        skel.progs.on_input.pin(&pins[0])?;
        skel.progs.on_output.pin(&pins[1])?;
        skel.progs.on_transmission.pin(&pins[2])?;
        let [input, output, transmission] = pins.each_ref().map(|pin| pin.display());
        ip(&format!("route add local 192.0.2.1 encap bpf in pinned {input} dev lo"))?;
        ip(&format!("route add 192.0.2.2 encap bpf out pinned {output} xmit pinned {transmission} dev lo"))?;
        let send = |address: &str| -> Outcome {
            UdpSocket::bind("0.0.0.0:0")?.send_to(b"packet", address)?;
            Ok(())
        };
        counts(&skel.maps.bss, "came_in", &|| send("192.0.2.1:9"))?;
        counts(&skel.maps.bss, "went_out", &|| send("192.0.2.2:9"))?;
        counts(&skel.maps.bss, "sent", &|| send("192.0.2.2:9"))
    })
}

/// A packet is wrapped for two segments, the first of which is a program's.
fn on_segments() -> Outcome {
    in_network(|| {
        let bpffs = Bpffs::mount()?;
        let skel = routes::Skel::open().load()?;
        let pin = bpffs.join("segment");
        skel.progs.on_segment.pin(&pin)?;
        // The kernel rejects what is routed over the loopback interface, so that two others are tied together.
        ip("link add near type veth peer name far address 02:00:00:00:00:01")?;
        ip("link set near up")?;
        ip("link set far up")?;
        for interface in ["all", "far"] {
            fs::write(format!("/proc/sys/net/ipv6/conf/{interface}/seg6_enabled"), "1")?;
        }
        ip("-6 addr add fd77::9 dev lo nodad")?;
        ip("-6 neigh add fd77::1 lladdr 02:00:00:00:00:01 dev near")?;
        let pin = pin.display();
        ip(&format!("-6 route add fd77::1 encap seg6local action End.BPF endpoint pinned {pin} dev near"))?;
        ip("-6 route add fd78::1 encap seg6 mode encap segs fd77::1,fd77::9 dev near")?;
        counts(&skel.maps.bss, "segments", &|| {
            UdpSocket::bind("[fd77::9]:0")?.send_to(b"packet", "[fd78::1]:9")?;
            Ok(())
        })
    })
}
