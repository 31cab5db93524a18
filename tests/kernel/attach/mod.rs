//! Ways of attaching programs, by family.

mod by_hand;

use crate::harness::Test;

pub(crate) fn tests() -> Vec<Test> {
    [by_hand::TESTS].concat()
}
