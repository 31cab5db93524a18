//! Ways of attaching programs, by family.

mod alternatives;
mod by_hand;
mod objects;
mod probes;
mod refused;
mod usdt;

use crate::harness::Test;

pub(crate) use objects::OBJECTS;

pub(crate) fn tests() -> Vec<Test> {
    [alternatives::TESTS, by_hand::TESTS, probes::TESTS, refused::TESTS, usdt::TESTS].concat()
}
