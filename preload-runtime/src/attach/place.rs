//! Programs whose target the caller gives: with the attribute's settings, or with the methods of typed handles.

use super::{network, places};
use crate::error::{Error, ErrorKind, Step};
use crate::handles::Map;
use crate::plan::{Place, ProgramPlan};
use crate::sys::process::Names;
use crate::sys::{Errno, Fd};
use crate::target::File;

/// A program that is there to be attached.
pub(crate) struct Loaded<'a> {
    pub(crate) plan: &'static ProgramPlan,
    pub(crate) fd: &'a Fd,
}

/// A new link.
pub(crate) type Attached = Result<Fd, Error>;

/// The link of a program with what the attribute's settings say.
pub(super) fn attach<'a>(
    program: &Loaded<'_>,
    place: Place,
    maps: &dyn Fn(usize) -> Option<&'a Map>,
) -> Attached {
    match place {
        Place::Xdp { interface, mode } => network::xdp(program, interface, mode),
        Place::Tcx { interface, direction, position } => {
            network::tcx(program, interface, direction, position.order())
        }
        Place::Netkit { interface, position } => network::netkit(program, interface, position.order()),
        Place::Cgroup { path, attach_type, position } => {
            places::cgroup(program, attach_type, File::Path(path.as_bytes()), position.order())
        }
        Place::NetNamespace { path } => places::netns(program, File::Path(path.as_bytes())),
        Place::Netfilter(at) => places::netfilter(program, at),
        Place::SockMap { map, attach_type } => match maps(map) {
            Some(map) => places::sock_map(program, attach_type, map),
            None => Err(Error::new(Step::Attach, ErrorKind::NotLoaded)),
        },
    }
}

/// What to say when a kernel is too old for what it has refused.
pub(super) fn too_old(errno: Errno, needed: (u32, u32), hint: &'static str) -> Option<&'static str> {
    let unknown = matches!(errno, Errno::EINVAL | Errno::E2BIG | Errno::EOPNOTSUPP | Errno::ENOTSUPP);
    (unknown && Names::of_kernel().numbers() < needed).then_some(hint)
}
