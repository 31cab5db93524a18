//! What objects leave to the machine: values of the kernel's configuration, functions and variables of the kernel.

mod kconfig;
mod symbols;

use crate::harness::Test;

pub(crate) fn tests() -> Vec<Test> {
    [kconfig::TESTS, symbols::TESTS].concat()
}
