//! What objects leave to the machine: values of the kernel's configuration, functions and variables of the kernel.

mod kconfig;
mod modules;
mod symbols;

pub(crate) use self::symbols::without_addresses as hidden_addresses;
use crate::harness::Test;

pub(crate) fn tests() -> Vec<Test> {
    [kconfig::TESTS, modules::TESTS, symbols::TESTS].concat()
}
