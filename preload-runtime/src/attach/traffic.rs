//! Classic traffic control: a filter on the queueing discipline `clsact` of an interface. No kernel has a link for it.

use super::netlink::{Request, word};
use super::{Loaded, interface};
use crate::error::{Call, Error, Step};
use crate::sys::Errno;
use crate::target::{Direction, Interface};

const RTM_NEWQDISC: u16 = 36;
const RTM_NEWTFILTER: u16 = 44;
const RTM_DELTFILTER: u16 = 45;
const NLM_F_EXCL: u16 = 0x200;
const NLM_F_CREATE: u16 = 0x400;
/// The answer to a new filter tells what handle and priority it has got.
const NLM_F_ECHO: u16 = 8;
const TCA_KIND: u16 = 1;
const TCA_OPTIONS: u16 = 2;
const TCA_BPF_FD: u16 = 6;
const TCA_BPF_NAME: u16 = 7;
const TCA_BPF_FLAGS: u16 = 8;
/// `TCA_BPF_FLAG_ACT_DIRECT`: what the program returns is what becomes of the packet.
const ACT_DIRECT: u32 = 1;
/// `TC_H_CLSACT`, which is what `clsact` is at, and `TC_H_MIN_INGRESS`, `TC_H_MIN_EGRESS`.
const CLSACT: u32 = 0xffff_fff1;
const CLSACT_HANDLE: u32 = 0xffff_0000;
const INGRESS: u32 = 0xffff_fff2;
const EGRESS: u32 = 0xffff_fff3;
/// `ETH_P_ALL`, in network byte order.
const ETH_P_ALL: u32 = 0x0003_u16.to_be() as u32;

/// A filter of classic traffic control, which attaches a program to an interface. It stays when this is dropped and when
/// the process ends, until it is [detached](Self::detach) or the interface goes; it cannot be pinned.
#[derive(Debug)]
#[must_use = "without it the filter can only be removed by other means, such as `tc filter del`"]
pub struct TcFilter {
    name: &'static str,
    interface: u32,
    parent: u32,
    handle: u32,
    /// The priority, in the upper half, and the protocol.
    info: u32,
}

impl TcFilter {
    /// The index of the interface.
    pub fn interface(&self) -> u32 {
        self.interface
    }

    /// The number of the filter, as in `tc filter show`.
    pub fn handle(&self) -> u32 {
        self.handle
    }

    /// The priority that it was given or that the kernel has chosen, as in `tc filter show`; lower ones run first.
    pub fn priority(&self) -> u16 {
        (self.info >> 16) as u16
    }

    /// Removes the filter. The queueing discipline stays: others may have filters on it.
    ///
    /// # Errors
    ///
    /// `ENOENT` when it is gone already, or `ENODEV` when the interface is.
    pub fn detach(self) -> Result<(), Error> {
        let mut request = Request::new(RTM_DELTFILTER, 0);
        header(&mut request, self.interface, self.handle, self.parent, self.info);
        request.attribute(TCA_KIND, b"bpf\0");
        request.send(&mut |_| {}).map_err(|errno| {
            Error::system(Step::Detach, Call::Rtnetlink, errno)
                .with_item(self.name)
                .with_target(format_args!("interface {}", self.interface))
        })
    }
}

/// `struct tcmsg`.
fn header(request: &mut Request, interface: u32, handle: u32, parent: u32, info: u32) {
    for word in [0, interface, handle, parent, info] {
        request.put(&word.to_ne_bytes());
    }
}

/// Makes the queueing discipline, unless it is there, and a filter on it, behind those that are there unless it is given
/// another priority.
pub(crate) fn attach(
    program: &Loaded<'_>,
    target: Interface<'_>,
    direction: Direction,
    priority: u16,
) -> Result<TcFilter, Error> {
    let index = interface::index(target)?;
    let failed = |errno, hint| {
        let error = Error::system(Step::Attach, Call::Rtnetlink, errno).with_hint(hint);
        interface::failed(error, target, index)
    };
    let mut request = Request::new(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL);
    header(&mut request, index, CLSACT_HANDLE, CLSACT, 0);
    request.attribute(TCA_KIND, b"clsact\0");
    match request.send(&mut |_| {}) {
        Ok(()) | Err(Errno::EEXIST) => {}
        Err(errno) => {
            let hint = (errno == Errno::ENOENT).then_some(
                "the kernel was built without CONFIG_NET_SCH_INGRESS, or the module sch_ingress is missing",
            );
            return Err(failed(errno, hint));
        }
    }

    let parent = if direction == Direction::Ingress { INGRESS } else { EGRESS };
    let mut request = Request::new(RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO);
    header(&mut request, index, 0, parent, u32::from(priority) << 16 | ETH_P_ALL);
    request.attribute(TCA_KIND, b"bpf\0");
    let options = request.begin(TCA_OPTIONS);
    request.attribute(TCA_BPF_FD, &program.fd.raw().to_ne_bytes());
    // What `tc filter show` calls it, with the NUL.
    let name = &program.plan.kernel_name;
    let len = name.iter().position(|&byte| byte == 0).map_or(name.len(), |end| end + 1);
    request.attribute(TCA_BPF_NAME, name.get(..len).unwrap_or_default());
    request.attribute(TCA_BPF_FLAGS, &ACT_DIRECT.to_ne_bytes());
    request.end(options);
    let mut made = None;
    let sent = request.send(&mut |message| made = word(message, 8).zip(word(message, 16)));
    sent.map_err(|errno| {
        let hint = (errno == Errno::ENOENT)
            .then_some("the kernel was built without CONFIG_NET_CLS_BPF, or the module cls_bpf is missing");
        failed(errno, hint)
    })?;
    let (handle, info) = made.ok_or_else(|| failed(Errno::EPROTO, None))?;
    Ok(TcFilter { name: program.plan.name, interface: index, parent, handle, info })
}
