//! rtnetlink messages, as few as classic traffic control takes.
//!
//! A message is a header, a fixed part and attributes; attributes are a length, a type and a value, each aligned to four
//! bytes, and may hold others. Numbers are in the machine's byte order.

use crate::sys::{Errno, net};

/// More than any message here comes to.
const CAPACITY: usize = 256;
const NLMSG_ERROR: u16 = 2;
const NLM_F_REQUEST: u16 = 1;
const NLM_F_ACK: u16 = 4;
/// `struct nlmsghdr`.
const HEADER: usize = 16;

/// A request in the making.
pub(super) struct Request {
    bytes: [u8; CAPACITY],
    len: usize,
}

/// Where an attribute that holds others begins.
pub(super) struct Nest(usize);

impl Request {
    pub(super) fn new(message_type: u16, flags: u16) -> Self {
        let mut new = Self { bytes: [0; CAPACITY], len: 0 };
        // The length is filled in at the end; number and port are the kernel's to choose, as there is one request only.
        new.put(&[0; 4]);
        new.put_halves(message_type, NLM_F_REQUEST | NLM_F_ACK | flags);
        new.put(&[0; 8]);
        new
    }

    pub(super) fn put(&mut self, bytes: &[u8]) {
        if let Some(place) = self.bytes.get_mut(self.len..self.len + bytes.len()) {
            place.copy_from_slice(bytes);
        }
        self.len += bytes.len().next_multiple_of(4);
    }

    fn put_halves(&mut self, one: u16, other: u16) {
        let mut bytes = [0; 4];
        bytes[..2].copy_from_slice(&one.to_ne_bytes());
        bytes[2..].copy_from_slice(&other.to_ne_bytes());
        self.put(&bytes);
    }

    pub(super) fn attribute(&mut self, attribute_type: u16, value: &[u8]) {
        let len = 4 + value.len() as u16;
        self.put_halves(len, attribute_type);
        self.put(value);
    }

    pub(super) fn begin(&mut self, attribute_type: u16) -> Nest {
        let nest = Nest(self.len);
        self.attribute(attribute_type, &[]);
        nest
    }

    pub(super) fn end(&mut self, Nest(start): Nest) {
        let len = (self.len - start) as u16;
        if let Some(place) = self.bytes.get_mut(start..start + 2) {
            place.copy_from_slice(&len.to_ne_bytes());
        }
    }

    /// Sends the request and waits for the kernel's word on it. What it sends before is shown to `look`.
    pub(super) fn send(mut self, look: &mut dyn FnMut(&[u8])) -> Result<(), Errno> {
        let len = self.len as u32;
        self.bytes[..4].copy_from_slice(&len.to_ne_bytes());
        let message = self.bytes.get(..self.len).ok_or(Errno::EINVAL)?;
        let socket = net::rtnetlink()?;
        net::send(&socket, message)?;
        let mut buffer = [0; 4096];
        loop {
            let mut rest = net::receive(&socket, &mut buffer)?;
            while let (Some(len), Some(message_type)) = (word(rest, 0), half(rest, 4)) {
                let message = rest.get(..len as usize).filter(|message| message.len() >= HEADER);
                let message = message.ok_or(Errno::EPROTO)?;
                if message_type == NLMSG_ERROR {
                    let errno = word(message, HEADER).ok_or(Errno::EPROTO)? as i32;
                    return if errno == 0 { Ok(()) } else { Err(Errno::new(-errno)) };
                }
                look(message.get(HEADER..).unwrap_or_default());
                rest = rest.get((len as usize).next_multiple_of(4)..).unwrap_or_default();
            }
        }
    }
}

pub(super) fn word(bytes: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(offset..offset + 4)?.try_into().ok()?))
}

fn half(bytes: &[u8], offset: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(offset..offset + 2)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_aligned_and_nested() {
        let mut request = Request::new(44, 0x600);
        request.attribute(1, b"bpf\0");
        let nest = request.begin(2);
        request.attribute(7, b"name\0");
        request.end(nest);
        #[rustfmt::skip]
        let expected = [
            0, 0, 0, 0, 44, 0, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0,
            8, 0, 1, 0, b'b', b'p', b'f', 0,
            16, 0, 2, 0, 9, 0, 7, 0, b'n', b'a', b'm', b'e', 0, 0, 0, 0,
        ];
        assert_eq!(request.bytes[..request.len], expected);
    }

    #[test]
    fn a_request_that_is_too_long_is_not_sent() {
        let mut request = Request::new(1, 0);
        request.attribute(1, &[0; CAPACITY]);
        assert_eq!(request.send(&mut |_| {}), Err(Errno::EINVAL));
    }
}
