//! Programs whose targets a kernel may lack.

use preload_runtime::{OpenSkeleton, Skeleton};

use super::objects::alternatives;
use crate::features::{counts, preloaded};
use crate::harness::{Outcome, Test, ensure, equal};

pub(super) const TESTS: &[Test] = &[
    Test { name: "features::optional_programs_and_alternatives", needs: &[], run: preloaded_as_a_set },
    Test { name: "attach::alternatives::are_chosen_before_load", needs: &[], run: chosen },
    Test { name: "failures::the_last_alternative_is_missing", needs: &[], run: none_left },
];

fn preloaded_as_a_set() -> Outcome {
    preloaded("alternatives", &["third", "first"], |pins| {
        for absent in ["absent_at_load", "absent_at_attach", "second", "optional"] {
            ensure(!pins.join(absent).exists(), || format!("{absent} is pinned"))?;
        }
        counts(&pins.join("third"), "by_third")?;
        counts(&pins.join("first"), "by_first")
    })
}

fn chosen() -> Outcome {
    let mut open = alternatives::Skel::open();
    // Whatever keeps the first away, the second is there for it.
    open.progs.first.set_autoload(false);
    let mut skel = open.load()?;
    let left = skel.attach()?;
    ensure(left.is_empty(), || format!("{left:?}"))?;
    let absent: Vec<_> = left.absent().collect();
    equal(
        absent,
        vec!["absent_at_load", "absent_at_attach", "optional"],
        "what this kernel has no target for",
    )?;
    let linked: Vec<_> = skel.links().map(preload_runtime::Link::name).collect();
    equal(linked, vec!["third", "second"], "what is attached")
}

fn none_left() -> Outcome {
    let mut open = alternatives::Skel::open();
    open.program("optional").ok_or("no such program")?.set_optional(false);
    let mut skel = open.load()?;
    let error = skel.attach().err().ok_or("it was attached")?;
    ensure(error.to_string().contains("`optional` (raw_tp/no_such_tracepoint)"), || error.to_string())?;
    equal(skel.links().count(), 0, "links that are left")
}
