//! Programs that decide where what sockets receive goes.

use std::net::{SocketAddr, TcpListener, TcpStream};

use libtest_mimic::Failed;
use preload_runtime::Map;
use rustix::net::sockopt::set_socket_reuseport;
use rustix::net::{AddressFamily, SocketType};

use super::events::{V4, connection};
use super::objects::verdicts;
use super::sockets::{fd, put, talk};
use super::{counts, in_network};
use crate::harness::{Need, Outcome, Test};

const MAP_LINKS: &[Need] = &[Need::Kernel(6, 10)];
const VERDICTS: &[Need] = &[Need::Kernel(5, 13)];
const MIGRATE: &[Need] = &[Need::Kernel(5, 14)];

pub(super) const TESTS: &[Test] = &[
    Test { name: "attach::verdicts", needs: MAP_LINKS, run: with_links },
    Test { name: "attach::verdicts_without_a_link", needs: VERDICTS, run: without },
    Test { name: "attach::reuseport_migration", needs: MIGRATE, run: migration },
];

/// What comes from one socket goes through the program of the map that the other one is in.
fn judges(map: &Map, bss: &Map, name: &str) -> Outcome {
    let (client, server) = connection(V4)?;
    put(map, 0, &server)?;
    counts(bss, name, &|| talk(&mut &client, &mut &server))
}

fn with_links() -> Outcome {
    in_network(|| {
        let mut open = verdicts::Skel::open();
        open.progs.migrate.set_autoload(false);
        let mut skel = open.load()?;
        let left = skel.attach()?;
        crate::harness::ensure(left.is_empty(), || format!("left: {:?}", left.names().collect::<Vec<_>>()))?;
        judges(&skel.maps.parsed, &skel.maps.bss, "judged")?;
        judges(&skel.maps.unparsed, &skel.maps.bss, "judged_alone")
    })
}

fn without() -> Outcome {
    in_network(|| {
        let mut open = verdicts::Skel::open();
        open.progs.migrate.set_autoload(false);
        let skel = open.load()?;
        let (progs, maps) = (&skel.progs, &skel.maps);
        progs.parse.attach_sock_map_unpinned(&maps.parsed)?;
        progs.judge.attach_sock_map_unpinned(&maps.parsed)?;
        progs.judge_alone.attach_sock_map_unpinned(&maps.unparsed)?;
        judges(&maps.parsed, &maps.bss, "judged")?;
        judges(&maps.unparsed, &maps.bss, "judged_alone")?;
        progs.judge_alone.detach_sock_map(&maps.unparsed)?;
        progs.judge.detach_sock_map(&maps.parsed)?;
        progs.parse.detach_sock_map(&maps.parsed)?;
        Ok(())
    })
}

/// A listener of a group.
fn listener(address: SocketAddr) -> Result<TcpListener, Failed> {
    let socket = rustix::net::socket(AddressFamily::INET, SocketType::STREAM, None)?;
    set_socket_reuseport(&socket, true)?;
    rustix::net::bind(&socket, &address)?;
    rustix::net::listen(&socket, 64)?;
    Ok(TcpListener::from(socket))
}

fn migration() -> Outcome {
    in_network(|| {
        let skel = verdicts::Skel::open().load()?;
        let closed = listener(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let address = closed.local_addr()?;
        let _other = listener(address)?;
        skel.progs.migrate.attach_reuseport(&fd(&closed)?)?;
        // Half of them wait for the one listener, half for the other.
        let clients = (0..32).map(|_| TcpStream::connect(address));
        let _clients: Vec<TcpStream> = clients.collect::<Result<_, _>>()?;
        let closed = std::cell::Cell::new(Some(closed));
        counts(&skel.maps.bss, "migrated", &|| {
            drop(closed.take());
            Ok(())
        })
    })
}
