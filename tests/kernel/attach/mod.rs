//! Ways of attaching programs, by family.

mod alternatives;
mod by_hand;
mod objects;
pub(crate) mod placed;
mod probes;
mod refused;
mod usdt;

use crate::harness::Test;

pub(crate) use objects::OBJECTS;

pub(crate) fn tests() -> Vec<Test> {
    let mut tests = placed::tests();
    let own = [alternatives::TESTS, by_hand::TESTS, probes::TESTS, refused::TESTS, usdt::TESTS];
    tests.extend_from_slice(&own.concat());
    tests
}
