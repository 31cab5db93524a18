//! Programs in entries of maps of interfaces and CPUs, which XDP programs hand packets to.

use std::net::UdpSocket;
use std::os::fd::{AsFd, AsRawFd};

use preload_runtime::maps::Update;
use preload_runtime::target::XdpMode;

use super::objects::{entries, entries_frags};
use super::{counter, counts, in_network, ip};
use crate::harness::{Need, Outcome, Test};

const INTERFACES: &[Need] = &[Need::Kernel(5, 15), Need::Symbol("veth_xdp")];
const CPUS: &[Need] = &[Need::Kernel(5, 15)];
const FRAGS: &[Need] = &[Need::Kernel(5, 18)];
const FRAGS_TO_INTERFACES: &[Need] = &[Need::Kernel(5, 18), Need::Symbol("veth_xdp")];

pub(super) const TESTS: &[Test] = &[
    Test { name: "attach::entry_of_an_interface", needs: INTERFACES, run: interface },
    Test { name: "attach::entry_of_a_cpu", needs: CPUS, run: cpu },
    Test {
        name: "attach::entry_of_an_interface_with_frags",
        needs: FRAGS_TO_INTERFACES,
        run: interface_frags,
    },
    Test { name: "attach::entry_of_a_cpu_with_frags", needs: FRAGS, run: cpu_frags },
];

/// A packet that is redirected: nobody receives it.
fn send() -> Outcome {
    UdpSocket::bind("127.0.0.1:0")?.send_to(b"packet", "127.0.0.1:9")?;
    Ok(())
}

/// An entry: a number, and the descriptor of a program.
fn entry(number: u32, program: i32) -> [u8; 8] {
    let mut entry = [0; 8];
    entry[..4].copy_from_slice(&number.to_ne_bytes());
    entry[4..].copy_from_slice(&program.to_ne_bytes());
    entry
}

macro_rules! entries {
    ($interface:ident, $cpu:ident, $object:ident) => {
        fn $interface() -> Outcome {
            in_network(|| {
                ip("link add one type veth peer name other")?;
                ip("link set one up")?;
                let skel = $object::Skel::open().load()?;
                let index = rustix::net::netdevice::name_to_index(
                    rustix::net::socket(
                        rustix::net::AddressFamily::INET,
                        rustix::net::SocketType::DGRAM,
                        None,
                    )?,
                    "one",
                )?;
                let program = skel.progs.on_the_way_out.fd().ok_or("it is not loaded")?.as_fd().as_raw_fd();
                skel.maps.interfaces.insert_bytes(&[0; 4], &entry(index, program), Update::ANY)?;
                let _link = skel.progs.redirect_to_interface.attach_xdp("lo", XdpMode::Generic)?;
                counts(&skel.maps.bss, "to_interface", &send)
            })
        }

        fn $cpu() -> Outcome {
            in_network(|| {
                let skel = $object::Skel::open().load()?;
                let program = skel.progs.on_the_cpu.fd().ok_or("it is not loaded")?.as_fd().as_raw_fd();
                skel.maps.cpus.insert_bytes(&[0; 4], &entry(192, program), Update::ANY)?;
                let _link = skel.progs.redirect_to_cpu.attach_xdp("lo", XdpMode::Generic)?;
                send()?;
                // Another thread of the kernel runs it.
                for _ in 0..10_000 {
                    if counter(&skel.maps.bss, "to_cpu")? > 0 {
                        return Ok(());
                    }
                }
                Err("the program on the CPU was not run".into())
            })
        }
    };
}

entries! { interface, cpu, entries }
entries! { interface_frags, cpu_frags, entries_frags }
