//! Tags on arguments arrive where the verifier looks for them.

use preload_macros::bpf_preload;

use super::run_once;
use crate::harness::{Need, Outcome, Test, equal};
use crate::witness::variables;

#[bpf_preload("../../bpf/programs/tags.bpf.o", program(tagged, manual))]
mod tags {}

pub(super) const TESTS: &[Test] =
    &[Test { name: "programs::tags_on_arguments", needs: &[Need::Kernel(6, 8)], run: tags_on_arguments }];

fn tags_on_arguments() -> Outcome {
    let skel = tags::Skel::open().load()?;
    equal(run_once(&skel.progs.tagged)?, 0, "what the program returns")?;
    equal(variables(skel.maps.bss.id()?)?.get("sum"), Some(&(2 * (3 + 4) + 64)), "what both functions give")
}
