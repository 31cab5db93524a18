//! Signed objects: what loads them, what refuses them, and a policy that refuses all others.

mod keyring;
mod policy;

use std::env;

use crate::harness::Test;

/// The tests that have a machine to themselves (`cargo xtask signed`), where the environment says that they have.
pub(crate) fn alone() -> Option<Vec<Test>> {
    env::var_os("PRELOAD_POLICY").map(|_| policy::TESTS.to_vec())
}
