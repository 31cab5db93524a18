//! Ways of attaching programs, by family.

mod by_hand;
mod objects;
mod probes;
mod refused;

use crate::harness::Test;

pub(crate) use objects::OBJECTS;

pub(crate) fn tests() -> Vec<Test> {
    [by_hand::TESTS, probes::TESTS, refused::TESTS].concat()
}
