//! On sockets, groups of them and maps of them; and what is run by hand.

use std::io::{Read, Write};
use std::net::{TcpStream, UdpSocket};
use std::os::fd::{AsFd, AsRawFd};
use std::process::Command;

use preload_runtime::target::{PerfEvent, SockMapHook};
use preload_runtime::{Attachment, Errno, Fd, Map};
use rustix::io::{FdFlags, fcntl_getfd, fcntl_setfd};
use rustix::net::sockopt::set_socket_reuseport;

use super::events::{V4, connection};
use super::objects::{perf, run, sockets};
use super::{counter, counts, in_network, lives_by_its_pin};
use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::witness;

pub(crate) const MAP_LINKS: &[Need] = &[Need::Kernel(6, 10)];
const PERF: &[Need] = &[Need::Kernel(5, 15)];
const RUN: &[Need] = &[Need::Kernel(5, 14)];

pub(super) const TESTS: &[Test] = &[
    Test { name: "attach::socket_filter", needs: &[], run: socket_filter },
    Test { name: "attach::reuseport", needs: &[], run: reuseport },
    Test { name: "attach::sock_map", needs: MAP_LINKS, run: sock_map },
    Test { name: "attach::sock_map_without_a_link", needs: &[], run: sock_map_unpinned },
    Test { name: "attach::run_by_hand", needs: RUN, run: run_by_hand },
    Test { name: "attach::perf_event", needs: PERF, run: perf_event },
];

/// A descriptor of the crate's kind for a socket.
pub(super) fn fd(socket: &impl AsFd) -> Result<Fd, libtest_mimic::Failed> {
    Ok(Fd::try_from(socket.as_fd().try_clone_to_owned()?)?)
}

fn echo(socket: &UdpSocket) -> Outcome {
    socket.send_to(b"packet", socket.local_addr()?)?;
    socket.recv_from(&mut [0; 16])?;
    Ok(())
}

fn socket_filter() -> Outcome {
    in_network(|| {
        let skel = sockets::Skel::open().load()?;
        let socket = UdpSocket::bind(V4)?;
        skel.progs.filter.attach_socket(&fd(&socket)?)?;
        counts(&skel.maps.bss, "filtered", &|| echo(&socket))?;
        skel.progs.filter.detach_socket(&fd(&socket)?)?;
        let before = counter(&skel.maps.bss, "filtered")?;
        echo(&socket)?;
        equal(counter(&skel.maps.bss, "filtered")?, before, "the counter after detaching")?;
        let error = skel.progs.filter.detach_socket(&fd(&socket)?).err().ok_or("there was nothing left")?;
        equal(error.errno(), Some(Errno::ENOENT), "detaching once more")
    })
}

fn reuseport() -> Outcome {
    in_network(|| {
        let skel = sockets::Skel::open().load()?;
        let alone = UdpSocket::bind(V4)?;
        let error = skel.progs.choose.attach_reuseport(&fd(&alone)?).err().ok_or("it is in no group")?;
        ensure(error.to_string().contains("SO_REUSEPORT"), || error.to_string())?;

        // The group is that of the port, which a socket joins when it is bound.
        let group =
            rustix::net::socket(rustix::net::AddressFamily::INET, rustix::net::SocketType::DGRAM, None)?;
        set_socket_reuseport(&group, true)?;
        rustix::net::bind(&group, &std::net::SocketAddr::from(([127, 0, 0, 1], 0)))?;
        skel.progs.choose.attach_reuseport(&fd(&group)?)?;
        let socket = UdpSocket::from(group);
        counts(&skel.maps.bss, "chosen", &|| echo(&socket))?;
        skel.progs.choose.detach_reuseport(&fd(&socket)?)?;
        let before = counter(&skel.maps.bss, "chosen")?;
        echo(&socket)?;
        equal(counter(&skel.maps.bss, "chosen")?, before, "the counter after detaching")
    })
}

/// Puts a socket into a map: bpftool does, which is given the descriptor under the same number.
pub(crate) fn put(map: &Map, index: u8, socket: &TcpStream) -> Outcome {
    let flags = fcntl_getfd(socket)?;
    fcntl_setfd(socket, flags & !FdFlags::CLOEXEC)?;
    let mut command = Command::new("bpftool");
    command.args(["map", "update", "id", &map.id()?.to_string(), "key", "hex"]);
    command.args([&format!("{index:x}"), "0", "0", "0", "value", "hex"]);
    for byte in u64::try_from(socket.as_raw_fd())?.to_le_bytes() {
        command.arg(format!("{byte:x}"));
    }
    let result = witness::run(&mut command).map(drop);
    fcntl_setfd(socket, flags)?;
    result
}

pub(crate) fn talk(from: &mut &TcpStream, to: &mut &TcpStream) -> Outcome {
    from.write_all(b"x")?;
    to.read_exact(&mut [0])?;
    Ok(())
}

fn sock_map() -> Outcome {
    in_network(|| {
        let skel = sockets::Skel::open().load()?;
        let (progs, map, bss) = (&skel.progs, &skel.maps.sockets, &skel.maps.bss);
        let (client, server) = connection(V4)?;
        let message = progs.on_message.attach_sock_map(map)?;
        let attachment = Attachment::Sockmap { map_id: map.id()?, attach_type: 7 };
        equal(message.info()?.attachment, attachment, "what it is attached to")?;
        let taken = progs.on_message.attach_sock_map(map).err().ok_or("two programs")?;
        equal(taken.errno(), Some(Errno::EBUSY), "a second program")?;
        put(map, 0, &client)?;
        counts(bss, "messages", &|| talk(&mut &client, &mut &server))?;
        message.update(&progs.on_message)?;

        let parser = progs.parse.attach_sock_map(map)?;
        let verdict = progs.judge.attach_sock_map(map, SockMapHook::StreamVerdict)?;
        put(map, 1, &server)?;
        counts(bss, "parsed", &|| talk(&mut &client, &mut &server))?;
        counts(bss, "judged", &|| talk(&mut &client, &mut &server))?;
        drop((parser, verdict, client, server));

        lives_by_its_pin(message, bss, "messages", &|| {
            // A socket takes the program up when it is put in, and keeps it.
            let (client, server) = connection(V4)?;
            put(map, 0, &client)?;
            talk(&mut &client, &mut &server)
        })?;
        let error =
            progs.on_message.attach_sock_map(&skel.maps.no_sockets).err().ok_or("no sockets there")?;
        ensure(error.to_string().contains("not a map of sockets"), || error.to_string())
    })
}

fn sock_map_unpinned() -> Outcome {
    in_network(|| {
        let skel = sockets::Skel::open().load()?;
        let (progs, map, bss) = (&skel.progs, &skel.maps.sockets, &skel.maps.bss);
        progs.on_message.attach_sock_map_unpinned(map)?;
        progs.parse.attach_sock_map_unpinned(map)?;
        progs.judge.attach_sock_map_unpinned(map, SockMapHook::StreamVerdict)?;
        let (client, server) = connection(V4)?;
        put(map, 0, &client)?;
        counts(bss, "messages", &|| talk(&mut &client, &mut &server))?;
        put(map, 1, &server)?;
        counts(bss, "parsed", &|| talk(&mut &client, &mut &server))?;
        progs.judge.detach_sock_map(map, SockMapHook::StreamVerdict)?;
        progs.parse.detach_sock_map(map)?;
        progs.on_message.detach_sock_map(map)?;
        let error = progs.on_message.detach_sock_map(map).err().ok_or("there was nothing left")?;
        equal(error.errno(), Some(Errno::ENOENT), "detaching once more")?;
        let error = progs.on_message.attach_sock_map_unpinned(&skel.maps.no_sockets);
        let error = error.err().ok_or("no sockets there")?;
        ensure(error.to_string().contains("not a map of sockets"), || error.to_string())
    })
}

fn run_by_hand() -> Outcome {
    let skel = run::Skel::open().load()?;
    let mut context = [3_u32.to_ne_bytes(), 4_u32.to_ne_bytes(), [0; 4]].concat();
    equal(skel.progs.add.run(&mut context)?, 7, "what it returns")?;
    equal(context.get(8..), Some(&7_u32.to_ne_bytes()[..]), "what it has written")?;
    let error = skel.progs.add.run(&mut [0; 0x1_0000]).err().ok_or("that is too much")?;
    ensure(error.to_string().contains("running program `add`"), || error.to_string())
}

/// Work on the only CPU that the thread may use, whose clock calls the program.
fn perf_event() -> Outcome {
    in_network(|| {
        let mut first = rustix::thread::CpuSet::new();
        first.set(0);
        rustix::thread::sched_setaffinity(None, &first)?;
        let skel = perf::Skel::open().load()?;
        let link = skel.progs.count_samples.attach_perf_event(PerfEvent::cpu_clock(0, 1000))?;
        lives_by_its_pin(link, &skel.maps.bss, "samples", &|| {
            for number in 0..20_000_000_u64 {
                std::hint::black_box(number);
            }
            Ok(())
        })?;
        let absent = PerfEvent::cpu_clock(0x7fff_0000, 1000);
        let error = skel.progs.count_samples.attach_perf_event(absent).err().ok_or("there is no such CPU")?;
        ensure(error.to_string().contains("perf event 0 of type 1"), || error.to_string())
    })
}
