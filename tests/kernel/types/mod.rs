//! What is in maps and variables, as Rust sees it and as C does.

mod bloom;
mod constants;
mod forms;
mod layouts;

pub(crate) const TESTS: &[&[crate::harness::Test]] =
    &[layouts::TESTS, forms::TESTS, bloom::TESTS, constants::TESTS];
