//! On network interfaces: XDP, tcx, netkit.

use super::place::too_old;
use super::{Attached, Loaded, interface, order};
use crate::error::{Call, Error, Step};
use crate::handles::Attachment;
use crate::sys::{Errno, link};
use crate::target::{AsInterface, Direction, Interface, Order, XdpMode};

/// `BPF_TCX_INGRESS` and `BPF_TCX_EGRESS`.
const TCX: [u32; 2] = [46, 47];

/// XDP (5.9).
pub(crate) fn xdp(program: &Loaded<'_>, interface: Interface<'_>, mode: XdpMode) -> Attached {
    /// `BPF_XDP`.
    const XDP: u32 = 37;
    let index = interface::index(interface)?;
    link::create(program.fd, index, XDP, mode.flags()).map_err(|errno| {
        let hint = match errno {
            Errno::EBUSY => {
                Some("another XDP program is attached there: take over its link, or detach it first")
            }
            Errno::EEXIST => Some("an XDP program is attached there in another mode: detach it first"),
            Errno::EOPNOTSUPP | Errno::EINVAL if matches!(mode, XdpMode::Native | XdpMode::Offload) => {
                Some("the driver of this interface may not run XDP programs: try the generic mode")
            }
            _ => None,
        };
        let error = Error::system(Step::Attach, Call::LinkCreate, errno).with_hint(hint);
        interface::failed(error, interface, index)
    })
}

/// Whether a link is that of XDP on an interface.
pub(super) fn is_xdp_of(interface: Interface<'_>, link: &Attachment) -> Result<bool, Error> {
    let index = interface::index(interface)?;
    Ok(matches!(link, Attachment::Xdp { interface } if *interface == index))
}

/// tcx (6.6). The direction is that of the program, where it was loaded for one.
pub(crate) fn tcx(
    program: &Loaded<'_>,
    interface: Interface<'_>,
    direction: Option<Direction>,
    order: Order<'_>,
) -> Attached {
    let attach_type = match direction {
        Some(direction) => tcx_hook(direction),
        None => program.plan.attach_type,
    };
    ordered(program, interface, attach_type, order, |errno| {
        too_old(
            errno,
            (6, 6),
            "links at tcx need Linux 6.6 or newer; `attach_tc_unpinned` is the old way, which cannot be pinned",
        )
    })
}

pub(crate) fn tcx_hook(direction: Direction) -> u32 {
    TCX[usize::from(direction == Direction::Egress)]
}

/// netkit (6.7).
pub(crate) fn netkit(program: &Loaded<'_>, interface: Interface<'_>, order: Order<'_>) -> Attached {
    ordered(program, interface, program.plan.attach_type, order, |errno| {
        too_old(errno, (6, 7), "netkit needs Linux 6.7 or newer").or_else(|| {
            let other = matches!(errno, Errno::EINVAL | Errno::ENXIO | Errno::EACCES);
            other.then_some("this is not the primary interface of a netkit pair, to which the programs of both are attached")
        })
    })
}

fn ordered(
    program: &Loaded<'_>,
    interface: Interface<'_>,
    attach_type: u32,
    order: Order<'_>,
    explain: impl Fn(Errno) -> Option<&'static str>,
) -> Attached {
    let index = interface::index(interface)?;
    let place = order::place(order)?;
    link::create_at(program.fd, index, attach_type, place).map_err(|errno| {
        let hint = explain(errno).or_else(|| order::explain(errno));
        let error = Error::system(Step::Attach, Call::LinkCreate, errno).with_hint(hint);
        interface::failed(error, interface, index)
    })
}

/// The number that changes with every change at the tcx hook of an interface (6.6), for [`Order::if_revision`].
///
/// # Errors
///
/// `ENODEV` when this network namespace has no such interface, `EINVAL` from older kernels.
pub fn tcx_revision(interface: impl AsInterface, direction: Direction) -> Result<u64, Error> {
    let interface = interface.interface();
    let index = interface::index(interface)?;
    link::revision(index, tcx_hook(direction)).map_err(|errno| {
        let hint = too_old(errno, (6, 6), "tcx needs Linux 6.6 or newer");
        interface::failed(
            Error::system(Step::Query, Call::ProgQuery, errno).with_hint(hint),
            interface,
            index,
        )
    })
}
