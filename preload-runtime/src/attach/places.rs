//! On cgroups, network namespaces, netfilter hooks and maps of sockets.

use super::file::Opened;
use super::place::too_old;
use super::{Attached, Loaded, order};
use crate::error::{Call, Error, Step};
use crate::handles::{Attachment, Map};
use crate::sys::{Errno, link};
use crate::target::{File, Netfilter, Order, Position};

/// A cgroup of version 2 (5.7; with an order 6.17).
pub(crate) fn cgroup(program: &Loaded<'_>, attach_type: u32, cgroup: File<'_>, order: Order<'_>) -> Attached {
    let file = Opened::new(cgroup)?;
    let plain = matches!(order.position, Position::Any) && order.revision == 0;
    let result = if plain {
        // What kernels before 6.17 take.
        link::create(program.fd, file.raw(), attach_type, 0)
    } else {
        link::create_at(program.fd, file.raw(), attach_type, order::place(order)?)
    };
    result.map_err(|errno| {
        let hint = match errno {
            Errno::EBADF | Errno::EINVAL | Errno::ENOTDIR => file.no_cgroup(),
            Errno::EPERM => Some(
                "a program that is attached to a cgroup above, without a link, allows no others below; or the privilege is \
                 missing (CAP_NET_ADMIN)",
            ),
            _ => None,
        };
        let old = || {
            too_old(errno, (6, 17), "an order of programs on a cgroup needs Linux 6.17 or newer").filter(|_| !plain)
        };
        file.failed(Call::LinkCreate, errno, hint.or_else(old).or_else(|| order::explain(errno)))
    })
}

/// Whether a link is one on a network namespace.
pub(super) fn is_netns(netns: File<'_>, link: &Attachment) -> Result<bool, Error> {
    let file = Opened::new(netns)?;
    Ok(matches!(link, Attachment::Netns { inode, .. } if file.inode() == Some(u64::from(*inode))))
}

/// A network namespace (5.8; `sk_lookup` 5.9).
pub(crate) fn netns(program: &Loaded<'_>, netns: File<'_>) -> Attached {
    let file = Opened::new(netns)?;
    link::create(program.fd, file.raw(), program.plan.attach_type, 0).map_err(|errno| {
        let hint = match errno {
            Errno::EINVAL => file.no_namespace(),
            Errno::E2BIG | Errno::EEXIST | Errno::EBUSY => Some(
                "this namespace has as many programs of the kind as it can: take over the link of one, or detach it first",
            ),
            _ => None,
        };
        file.failed(Call::LinkCreate, errno, hint)
    })
}

/// A netfilter hook of this network namespace (6.4).
pub(crate) fn netfilter(program: &Loaded<'_>, at: Netfilter) -> Attached {
    /// `BPF_NETFILTER`.
    const NETFILTER: u32 = 45;
    /// `BPF_F_NETFILTER_IP_DEFRAG`.
    const DEFRAGMENT: u32 = 1;
    /// `NF_IP_PRI_CONNTRACK_DEFRAG`.
    const DEFRAGMENTED: i32 = -400;
    let flags = if at.defragment { DEFRAGMENT } else { 0 };
    let hook = (at.family as u32, at.hook as u32);
    link::create_netfilter(program.fd, NETFILTER, hook, at.priority, flags).map_err(|errno| {
        let hint = match errno {
            Errno::EBUSY => Some(
                "another program has this priority at this hook; a link there keeps its program, so if it is that of a set that \
                 is to be replaced, unpin that first",
            ),
            Errno::ERANGE => Some("a priority is neither the lowest nor the highest number there is"),
            Errno::EINVAL if at.defragment && at.priority <= DEFRAGMENTED => {
                Some("fragments are put together at priority -400: take a higher one")
            }
            Errno::EOPNOTSUPP if at.defragment => Some(
                "this kernel cannot put fragments together: it is older than Linux 6.6, or built without \
                 CONFIG_NF_DEFRAG_IPV4 or CONFIG_NF_DEFRAG_IPV6",
            ),
            Errno::ENOENT if at.defragment => Some("the module nf_defrag_ipv4 or nf_defrag_ipv6 is missing"),
            _ => too_old(errno, (6, 4), "links at netfilter need Linux 6.4 or newer"),
        };
        Error::system(Step::Attach, Call::LinkCreate, errno)
            .with_target(format_args!("{:?} {:?}, priority {}", at.family, at.hook, at.priority))
            .with_hint(hint)
    })
}

/// A map of sockets (6.10).
pub(crate) fn sock_map(program: &Loaded<'_>, attach_type: u32, map: &Map) -> Attached {
    link::create(program.fd, map.fd().raw() as u32, attach_type, 0).map_err(|errno| {
        let hint = match errno {
            Errno::EBUSY => Some("another program is attached there"),
            Errno::EINVAL if no_socket_map(map) => Some(NO_SOCKETS),
            _ => too_old(
                errno,
                (6, 10),
                "links at maps of sockets need Linux 6.10 or newer; `attach_sock_map_unpinned` is the old way, which cannot be \
                 pinned",
            ),
        };
        at_map(map, Call::LinkCreate, errno, hint)
    })
}

/// A map of sockets, without a link: the program stays until the map is gone, or it is detached.
pub(crate) fn sock_map_unpinned(program: &Loaded<'_>, attach_type: u32, map: &Map) -> Result<(), Error> {
    link::prog_attach(program.fd, map.fd(), attach_type).map_err(|errno| {
        let hint = no_socket_map(map).then_some(NO_SOCKETS);
        at_map(map, Call::ProgAttach, errno, hint)
    })
}

/// The reverse.
pub(crate) fn sock_map_detach(program: &Loaded<'_>, attach_type: u32, map: &Map) -> Result<(), Error> {
    link::prog_detach(program.fd, map.fd(), attach_type)
        .map_err(|errno| at_map(map, Call::ProgDetach, errno, None))
}

const NO_SOCKETS: &str = "this is not a map of sockets (BPF_MAP_TYPE_SOCKMAP or SOCKHASH)";

fn no_socket_map(map: &Map) -> bool {
    /// `BPF_MAP_TYPE_SOCKMAP` and `BPF_MAP_TYPE_SOCKHASH`.
    const OF_SOCKETS: [u32; 2] = [15, 18];
    !OF_SOCKETS.contains(&map.plan().map_type)
}

fn at_map(map: &Map, call: Call, errno: Errno, hint: Option<&'static str>) -> Error {
    Error::system(Step::Attach, call, errno).with_target(format_args!("map {}", map.name())).with_hint(hint)
}
