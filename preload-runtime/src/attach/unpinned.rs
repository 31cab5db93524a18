//! What has no link in any kernel: sockets, groups of sockets, infrared receivers.

use super::Loaded;
use super::file::Opened;
use crate::error::{Call, Error, Step};
use crate::sys::net::{self, SocketOption};
use crate::sys::{Errno, link};
use crate::target::File;

/// Sets an option of a socket to the program, or takes it away.
pub(crate) fn socket(program: Option<&Loaded<'_>>, socket: i32, option: SocketOption) -> Result<(), Error> {
    let step = if program.is_some() { Step::Attach } else { Step::Detach };
    net::set_option(socket, option, program.map_or(0, |program| program.fd.raw())).map_err(|errno| {
        let hint = match errno {
            Errno::ENOENT => Some("no program is attached to this socket"),
            Errno::EINVAL if matches!(option, SocketOption::AttachReuseport) => Some(
                "the socket is not in a group: set SO_REUSEPORT, and bind it or attach before it is bound",
            ),
            Errno::EPERM => Some("the socket's filter is locked (SO_LOCK_FILTER)"),
            _ => None,
        };
        Error::system(step, Call::Setsockopt, errno)
            .with_target(format_args!("socket {socket}"))
            .with_hint(hint)
    })
}

/// An infrared receiver, `/dev/lirc0` (4.18).
pub(crate) fn lirc(program: &Loaded<'_>, device: File<'_>, attach: bool) -> Result<(), Error> {
    let file = Opened::new(device)?;
    let Some(fd) = file.fd() else { return Ok(()) };
    let (call, result) = if attach {
        (Call::ProgAttach, link::prog_attach(program.fd, fd, program.plan.attach_type))
    } else {
        (Call::ProgDetach, link::prog_detach(program.fd, fd, program.plan.attach_type))
    };
    result.map_err(|errno| {
        let hint = match errno {
            Errno::EINVAL => Some(
                "this is not an infrared receiver in raw mode, or the kernel was built without CONFIG_BPF_LIRC_MODE2",
            ),
            Errno::EEXIST => Some("the program is attached there already"),
            Errno::E2BIG => Some("there are 64 programs already"),
            _ => None,
        };
        file.failed(call, errno, hint)
    })
}
