//! Ways of attaching programs, by family.

mod alternatives;
mod by_hand;
mod events;
mod extension;
mod iterators;
mod objects;
pub(crate) mod placed;
mod privilege;
mod probes;
mod refused;
mod trace;
mod untraceable;
mod usdt;

use crate::harness::Test;

pub(crate) use objects::OBJECTS;

pub(crate) fn tests() -> Vec<Test> {
    let mut tests = placed::tests();
    let own = [
        alternatives::TESTS,
        by_hand::TESTS,
        events::TESTS,
        extension::TESTS,
        iterators::TESTS,
        privilege::TESTS,
        probes::TESTS,
        refused::TESTS,
        trace::TESTS,
        untraceable::TESTS,
        usdt::TESTS,
    ];
    tests.extend_from_slice(&own.concat());
    tests
}
