//! Ways of attaching programs, by family.

mod by_hand;
mod objects;
pub(crate) mod placed;
mod probes;
mod refused;

use crate::harness::Test;

pub(crate) use objects::OBJECTS;

pub(crate) fn tests() -> Vec<Test> {
    let mut tests = placed::tests();
    tests.extend_from_slice(&[by_hand::TESTS, probes::TESTS, refused::TESTS].concat());
    tests
}
