//! What makes the kernel call programs.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr as UnixAddr, UnixDatagram, UnixListener, UnixStream};
use std::path::Path;

use libtest_mimic::Failed;
use rustix::net::addr::{SocketAddrArg, SocketAddrOpaque};
use rustix::net::{AddressFamily, SendFlags, SocketType};

use crate::child::Role;
use crate::harness::Outcome;
use crate::witness::{Bpffs, run};

pub(crate) const V4: &str = "127.0.0.1:0";
pub(crate) const V6: &str = "[::1]:0";

/// A packet goes out and comes in on the loopback interface, and is received.
pub(crate) fn packet(address: &str) -> Outcome {
    let socket = UdpSocket::bind(address)?;
    socket.send_to(b"packet", socket.local_addr()?)?;
    let mut buffer = [0; 16];
    let (len, from) = socket.recv_from(&mut buffer)?;
    if (len, from) == (6, socket.local_addr()?) { Ok(()) } else { Err("another packet has come".into()) }
}

/// Two ends of a connection over TCP.
pub(crate) fn connection(address: &str) -> Result<(TcpStream, TcpStream), Failed> {
    let listener = TcpListener::bind(address)?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    Ok((client, server))
}

/// Everything that programs on a cgroup can see, but for the death of the process.
fn all(address: &str) -> Outcome {
    packet(address)?;
    let (mut client, mut server) = connection(address)?;
    client.write_all(b"x")?;
    server.read_exact(&mut [0])?;
    let names: [SocketAddr; 2] = [client.peer_addr()?, client.local_addr()?];
    client.set_nodelay(true)?;
    if client.nodelay()? && names.iter().all(|name| name.port() > 0) {
        Ok(())
    } else {
        Err("the connection has no names".into())
    }
}

fn unix() -> Outcome {
    let name = |what: &str| UnixAddr::from_abstract_name(format!("preload-{what}-{}", std::process::id()));
    let listener = UnixListener::bind_addr(&name("stream")?)?;
    let client = UnixStream::connect_addr(&name("stream")?)?;
    let (server, _) = listener.accept()?;
    let _names = (client.peer_addr()?, client.local_addr()?, server.local_addr()?);
    let receiver = UnixDatagram::bind_addr(&name("datagram")?)?;
    UnixDatagram::unbound()?.send_to_addr(b"x", &name("datagram")?)?;
    receiver.recv_from(&mut [0; 8])?;
    Ok(())
}

/// The command that does all of this in a cgroup.
pub(crate) fn in_cgroup(cgroup: &Path) -> Outcome {
    // The role wants one; nothing is looked for there.
    let bpffs = Bpffs::mount()?;
    run(Role::InCgroup.command(&[], &bpffs)?.arg(cgroup)).map(drop)
}

/// The role of the child.
pub(crate) fn client() -> Outcome {
    let cgroup = std::env::args_os().nth(1).ok_or("no cgroup named")?;
    fs::write(Path::new(&cgroup).join("cgroup.procs"), "0")?;
    all(V4)?;
    all(V6)?;
    unix()?;
    fs::read_to_string("/proc/sys/net/ipv4/ip_forward")?;
    File::open("/dev/null")?;
    Ok(())
}

/// A command that does nothing but send its own packets to an address that nobody has.
pub(crate) fn send_to(address: &str) -> Outcome {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    // Whether anyone is there does not count.
    let _ = socket.send_to(b"packet", address);
    Ok(())
}

/// The address of an interface: `struct sockaddr_ll`.
struct LinkLayer([u8; 20]);

#[expect(unsafe_code, reason = "an address is bytes and a length")]
// SAFETY: the bytes are those of the struct, and live while the function runs.
unsafe impl SocketAddrArg for LinkLayer {
    unsafe fn with_sockaddr<R>(
        &self,
        f: impl FnOnce(*const SocketAddrOpaque, rustix::net::addr::SocketAddrLen) -> R,
    ) -> R {
        f(self.0.as_ptr().cast(), 20)
    }
}

/// An empty IPv4 packet is put on the loopback interface past the network stack, which makes the kernel look for its headers.
pub(crate) fn raw_packet() -> Outcome {
    const IP: [u8; 2] = [0x08, 0x00];
    let mut address = [0; 20];
    address[..2].copy_from_slice(&17_u16.to_ne_bytes());
    address[2..4].copy_from_slice(&IP);
    // The loopback interface is the first of every namespace.
    address[4..8].copy_from_slice(&1_i32.to_ne_bytes());
    address[11] = 6;
    let socket = rustix::net::socket(AddressFamily::PACKET, SocketType::DGRAM, None)?;
    let mut packet = [0; 28];
    packet[..4].copy_from_slice(&[0x45, 0, 0, 28]);
    // Time to live, UDP, and addresses of the loopback network.
    packet[8..10].copy_from_slice(&[64, 17]);
    packet[12..20].copy_from_slice(&[127, 0, 0, 1, 127, 0, 0, 1]);
    rustix::net::sendto(&socket, &packet, SendFlags::empty(), &LinkLayer(address))?;
    Ok(())
}
