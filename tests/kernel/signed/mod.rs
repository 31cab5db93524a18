//! Signed objects: what loads them, what refuses them, and a policy that refuses all others.

mod flips;
pub(crate) mod keyring;
mod policy;

use std::env;

use preload_macros::bpf_preload;

use crate::harness::Test;

#[bpf_preload("../../../examples/iterators.bpf.o", signature = "../../signed/iterators.bpf.sig")]
pub(crate) mod iterators {}

/// The tests that have a machine to themselves (`cargo xtask signed`), where the environment says that they have.
pub(crate) fn alone() -> Option<Vec<Test>> {
    env::var_os("PRELOAD_POLICY").map(|_| [flips::TESTS, policy::TESTS].concat())
}
