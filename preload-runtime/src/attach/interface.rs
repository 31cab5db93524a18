//! Interfaces by name or index.

use crate::error::{Call, Error, Step};
use crate::sys::{Errno, net};
use crate::target::Interface;

const ABSENT: &str =
    "this network namespace has no such interface; one of another namespace is attached to from there";

/// The index of an interface.
pub(super) fn index(interface: Interface<'_>) -> Result<u32, Error> {
    match interface {
        Interface::Index(index) => Ok(index),
        Interface::Name(name) => net::index_of(name.as_bytes()).map_err(|errno| {
            let hint = (errno == Errno::ENODEV).then_some(ABSENT);
            named(Error::system(Step::Attach, Call::InterfaceIndex, errno).with_hint(hint), interface)
        }),
    }
}

/// The error of a call that was given an interface, with the reason if the interface is it.
pub(super) fn failed(error: Error, interface: Interface<'_>, index: u32) -> Error {
    let gone = matches!(error.errno(), Some(Errno::EINVAL | Errno::ENODEV)) && !net::has_index(index);
    named(if gone { error.with_hint(Some(ABSENT)) } else { error }, interface)
}

fn named(error: Error, interface: Interface<'_>) -> Error {
    match interface {
        Interface::Name(name) => error.with_target(format_args!("interface {name}")),
        Interface::Index(index) => error.with_target(format_args!("interface {index}")),
    }
}
