//! Targets that are not there, or not what they should be: each error says so.

use std::path::Path;

use preload_runtime::target::{Direction, Order, XdpMode};
use preload_runtime::{Errno, Error, Step, tcx_revision};

use super::cgroup::Cgroup;
use super::objects::{cgroup, infrared, netns, network, sockets};
use super::{in_network, ip};
use crate::harness::{Need, Outcome, Test, ensure, equal};

const VETH: &[Need] = &[Need::Symbol("veth_xdp")];
const V1: &[Need] = &[Need::File("/sys/fs/cgroup/pids/cgroup.procs")];
const BEFORE_TCX: &[Need] = &[Need::KernelBefore(6, 6)];
const BEFORE_MAP_LINKS: &[Need] = &[Need::KernelBefore(6, 10)];

pub(super) const TESTS: &[Test] = &[
    Test { name: "failures::no_such_interface", needs: &[], run: no_interface },
    Test { name: "failures::an_interface_of_another_namespace", needs: VETH, run: elsewhere },
    Test { name: "failures::xdp_is_attached_already", needs: &[], run: twice },
    Test { name: "failures::no_cgroup", needs: &[], run: no_cgroup },
    Test { name: "failures::a_cgroup_of_version_1", needs: V1, run: version_1 },
    Test { name: "failures::no_network_namespace", needs: &[], run: no_namespace },
    Test { name: "failures::attaching_to_no_infrared_receiver", needs: &[], run: no_infrared },
    Test { name: "failures::no_links_at_tcx", needs: BEFORE_TCX, run: no_tcx },
    Test { name: "failures::no_links_at_maps_of_sockets", needs: BEFORE_MAP_LINKS, run: no_map_links },
];

fn says<T>(result: Result<T, Error>, errno: Errno, parts: &[&str]) -> Outcome {
    let error = result.err().ok_or("it was attached")?;
    let message = error.to_string();
    equal((error.step(), error.errno()), (Step::Attach, Some(errno)), &message)?;
    for part in parts {
        ensure(message.contains(part), || format!("`{part}` is not in: {message}"))?;
    }
    Ok(())
}

fn no_interface() -> Outcome {
    in_network(|| {
        let skel = network::Skel::open().load()?;
        let xdp = |interface: &str| skel.progs.count_xdp.attach_xdp(interface, XdpMode::Any);
        let parts =
            ["program `count_xdp`", "to interface nowhere", "this network namespace has no such interface"];
        says(xdp("nowhere"), Errno::ENODEV, &parts)?;
        for name in ["", "an_interface_with_a_long_name", "with\0nul"] {
            says(xdp(name), Errno::ENODEV, &["no such interface"])?;
        }
        let parts = ["to interface 4711", "no such interface"];
        says(skel.progs.count_xdp.attach_xdp(4711, XdpMode::Any), Errno::EINVAL, &parts)?;
        let error = tcx_revision("nowhere", Direction::Ingress).err().ok_or("there is no such interface")?;
        ensure(error.to_string().contains("no such interface"), || error.to_string())?;
        let filter = skel.progs.count_egress.attach_tc_unpinned("nowhere", 0);
        says(filter, Errno::ENODEV, &["to interface nowhere"])
    })
}

fn elsewhere() -> Outcome {
    in_network(|| {
        ip("link add one type veth peer name other")?;
        ip("link set one up")?;
        in_network(|| {
            let skel = network::Skel::open().load()?;
            let result = skel.progs.count_xdp.attach_xdp("one", XdpMode::Any);
            says(
                result,
                Errno::ENODEV,
                &["to interface one", "one of another namespace is attached to from there"],
            )
        })
    })
}

fn twice() -> Outcome {
    in_network(|| {
        let skel = network::Skel::open().load()?;
        let _link = skel.progs.count_xdp.attach_xdp("lo", XdpMode::Generic)?;
        let result = skel.progs.count_xdp.attach_xdp("lo", XdpMode::Generic);
        says(result, Errno::EBUSY, &["another XDP program is attached there"])
    })
}

fn no_cgroup() -> Outcome {
    let skel = cgroup::Skel::open().load()?;
    let attach = |path: &Path| skel.progs.connect4.attach_cgroup(path);
    says(attach(Path::new("/nowhere/at/all")), Errno::ENOENT, &["to /nowhere/at/all"])?;
    let plain = tempfile::tempdir()?;
    says(attach(plain.path()), Errno::EBADF, &["this is not a cgroup"])?;
    // A file of a cgroup is none.
    let cgroup = Cgroup::new("refused")?;
    let result = attach(&cgroup.path().join("cgroup.procs"));
    ensure(result.is_err(), || "a file was taken for a cgroup".into())
}

fn version_1() -> Outcome {
    let skel = cgroup::Skel::open().load()?;
    let result = skel.progs.connect4.attach_cgroup("/sys/fs/cgroup/pids");
    says(result, Errno::EBADF, &["to /sys/fs/cgroup/pids", "a cgroup of version 1"])
}

fn no_namespace() -> Outcome {
    let skel = netns::Skel::open().load()?;
    let attach = |path: &str| skel.progs.look_up.attach_netns(path);
    says(attach("/tmp/nowhere"), Errno::ENOENT, &["to /tmp/nowhere"])?;
    says(attach("/dev/null"), Errno::EINVAL, &["this is not a network namespace"])
}

fn no_tcx() -> Outcome {
    in_network(|| {
        let skel = network::Skel::open().load()?;
        let parts = ["need Linux 6.6 or newer", "`attach_tc_unpinned` is the old way"];
        says(skel.progs.count_ingress.attach_tcx("lo", Order::any()), Errno::EINVAL, &parts)
    })
}

fn no_map_links() -> Outcome {
    let skel = sockets::Skel::open().load()?;
    let parts = ["need Linux 6.10 or newer", "`attach_sock_map_unpinned` is the old way"];
    says(skel.progs.on_message.attach_sock_map(&skel.maps.sockets), Errno::EINVAL, &parts)
}

/// No kernel that this runs on is built with `CONFIG_BPF_LIRC_MODE2`; one that is has no receiver at that path.
fn no_infrared() -> Outcome {
    match infrared::Skel::open().load() {
        Ok(skel) => {
            let result = skel.progs.decode.attach_lirc("/dev/null");
            says(result, Errno::EINVAL, &["to /dev/null", "this is not an infrared receiver in raw mode"])
        }
        Err(error) => {
            equal(
                (error.step(), error.errno()),
                (Step::LoadProgram, Some(Errno::EINVAL)),
                "what went wrong",
            )?;
            equal(error.item(), Some("decode"), "the program")
        }
    }
}
