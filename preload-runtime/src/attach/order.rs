//! Places among the programs of a hook, in the kernel's words.

use crate::error::{Error, Step};
use crate::sys::Errno;
use crate::sys::link::Place;
use crate::target::{Neighbour, Order, Position, Side};

const F_BEFORE: u32 = 1 << 3;
const F_AFTER: u32 = 1 << 4;
const F_ID: u32 = 1 << 5;
const F_LINK: u32 = 1 << 13;

pub(super) fn place(order: Order<'_>) -> Result<Place, Error> {
    let (flags, relative) = match order.position {
        Position::Any => (0, 0),
        Position::First => (F_BEFORE, 0),
        Position::Last => (F_AFTER, 0),
        Position::Beside(side, neighbour) => {
            let (flags, relative) = match neighbour {
                Neighbour::Link(link) => (F_LINK, link.fd().raw() as u32),
                Neighbour::LinkId(id) => (F_LINK | F_ID, id),
                Neighbour::Program(program) => (0, program.loaded(Step::Attach)?.raw() as u32),
                Neighbour::ProgramId(id) => (F_ID, id),
            };
            let side = match side {
                Side::Before => F_BEFORE,
                Side::After => F_AFTER,
            };
            (flags | side, relative)
        }
    };
    Ok(Place { flags, relative, revision: order.revision })
}

/// What the error says of the place.
pub(super) fn explain(errno: Errno) -> Option<&'static str> {
    match errno {
        Errno::ESTALE => Some("the programs of this hook have changed since that revision"),
        Errno::ENOENT => Some("the program or link that it was to go beside is not attached there"),
        Errno::EEXIST => Some("the program is attached there already"),
        _ => None,
    }
}
