//! Network interfaces, sockets and rtnetlink, as far as programs are attached to them.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use super::raw::{Call, syscall};
use super::{Errno, Fd};

const AF_UNIX: usize = 1;
const AF_NETLINK: usize = 16;
const SOCK_DGRAM: usize = 2;
const SOCK_RAW: usize = 3;
const SOCK_CLOEXEC: usize = 0o2_000_000;
const SIOCGIFNAME: usize = 0x8910;
const SIOCGIFINDEX: usize = 0x8933;

fn socket(family: usize, kind: usize, protocol: usize) -> Result<Fd, Errno> {
    // SAFETY: no argument is an address.
    Fd::new(unsafe { syscall(Call::Socket, [family, kind | SOCK_CLOEXEC, protocol, 0, 0]) }?)
}

/// `struct ifreq`, with an index in its union.
#[repr(C)]
struct Request {
    name: [u8; 16],
    index: u32,
    rest: [u32; 5],
}

/// Asks for the index or the name of an interface in the network namespace of the process.
fn request(request: usize, ask: &mut Request) -> Result<(), Errno> {
    // Any socket will do.
    let socket = socket(AF_UNIX, SOCK_DGRAM, 0)?;
    let args = [socket.raw() as usize, request, core::ptr::from_mut(ask) as usize, 0, 0];
    // SAFETY: both requests read and write a `struct ifreq`.
    unsafe { syscall(Call::Ioctl, args) }.map(drop)
}

/// The index of an interface by its name; `ENODEV` when there is none in this network namespace.
pub(crate) fn index_of(name: &[u8]) -> Result<u32, Errno> {
    let mut ask = Request { name: [0; 16], index: 0, rest: [0; 5] };
    // The last byte is for the NUL.
    let (Some(place), false) = (ask.name[..15].get_mut(..name.len()), name.contains(&0)) else {
        return Err(Errno::ENODEV);
    };
    place.copy_from_slice(name);
    request(SIOCGIFINDEX, &mut ask)?;
    Ok(ask.index)
}

/// Whether there is an interface of this index in this network namespace.
pub(crate) fn has_index(index: u32) -> bool {
    request(SIOCGIFNAME, &mut Request { name: [0; 16], index, rest: [0; 5] }) != Err(Errno::ENODEV)
}

/// An option of sockets whose value is a program.
#[derive(Clone, Copy)]
pub(crate) enum SocketOption {
    /// `SO_ATTACH_BPF` (3.19).
    Attach = 50,
    /// `SO_DETACH_BPF`; the value does not count.
    Detach = 27,
    /// `SO_ATTACH_REUSEPORT_EBPF` (4.5).
    AttachReuseport = 52,
    /// `SO_DETACH_REUSEPORT_BPF` (5.3); the value does not count.
    DetachReuseport = 68,
}

/// Sets an option of a socket.
pub(crate) fn set_option(socket: i32, option: SocketOption, value: i32) -> Result<(), Errno> {
    const SOL_SOCKET: usize = 1;
    let address = core::ptr::from_ref(&value) as usize;
    let args = [socket as usize, SOL_SOCKET, option as usize, address, size_of_val(&value)];
    // SAFETY: the value lives until the call returns, and is as long as it says.
    unsafe { syscall(Call::Setsockopt, args) }.map(drop)
}

/// A connection to rtnetlink in the network namespace of the process.
pub(crate) fn rtnetlink() -> Result<Fd, Errno> {
    const NETLINK_ROUTE: usize = 0;
    socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)
}

/// Sends one message to the kernel.
pub(crate) fn send(socket: &Fd, message: &[u8]) -> Result<(), Errno> {
    let args = [socket.raw() as usize, message.as_ptr() as usize, message.len(), 0, 0];
    // SAFETY: the message is readable for its length; without an address it goes to the kernel.
    unsafe { syscall(Call::Sendto, args) }.map(drop)
}

/// Receives what the kernel has sent, as much as fits.
pub(crate) fn receive<'b>(socket: &Fd, buffer: &'b mut [u8]) -> Result<&'b [u8], Errno> {
    let len = loop {
        let args = [socket.raw() as usize, buffer.as_mut_ptr() as usize, buffer.len(), 0, 0];
        // SAFETY: the buffer is writable for its length, and the sender's address is not asked for.
        match unsafe { syscall(Call::Recvfrom, args) } {
            Err(Errno::EINTR) => {}
            result => break result?,
        }
    };
    Ok(buffer.get(..len).unwrap_or_default())
}
