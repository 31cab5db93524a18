//! Functions that helpers call back.

use preload_macros::bpf_preload;

use super::run_once;
use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::witness::variables;

#[bpf_preload("../../bpf/programs/callbacks.bpf.o", program(call_back, manual))]
mod callbacks {}

#[bpf_preload(
    "../../bpf/programs/exceptions.bpf.o",
    program(throws, manual),
    program(shares, manual),
    program(plain, manual)
)]
mod exceptions {}

#[bpf_preload("../../bpf/programs/throws.bpf.o", program(throws, manual))]
mod throws {}

pub(super) const TESTS: &[Test] = &[
    Test { name: "programs::callbacks", needs: &[Need::Kernel(5, 17)], run: callbacks },
    Test { name: "programs::exceptions_are_caught", needs: &[Need::Kernel(6, 7)], run: throws },
    Test { name: "programs::exception_callbacks", needs: &[Need::Kernel(6, 7)], run: exceptions },
];

fn callbacks() -> Outcome {
    let skel = callbacks::Skel::open().load()?;
    equal(run_once(&skel.progs.call_back)?, 0, "what the program returns")?;
    let data = skel.maps.bss.id()?;
    let values = variables(data)?;
    equal(values.get("elements"), Some(&55), "the squares of 1 to 5")?;
    equal(values.get("rounds"), Some(&12), "three rounds of each of four")?;
    // The timer's turn comes when the program has ended.
    for _ in 0..1_000 {
        if variables(data)?.get("rung") == Some(&49) {
            return Ok(());
        }
    }
    ensure(false, || "the timer does not ring".into())
}

/// The exception ends the program, and with it the subprogram that it comes from.
fn throws() -> Outcome {
    let skel = throws::Skel::open().load()?;
    equal(run_once(&skel.progs.throws)?, 7, "what the callback returns for the program")?;
    let cookie = variables(skel.maps.bss.id()?)?.get("caught_cookie").copied();
    equal(cookie, Some(4711), "what was thrown")
}

fn exceptions() -> Outcome {
    let skel = exceptions::Skel::open().load()?;
    equal(run_once(&skel.progs.throws)?, 0, "a program with a callback")?;
    equal(run_once(&skel.progs.shares)?, 1, "a program that calls what its callback calls")?;
    equal(run_once(&skel.progs.plain)?, 2, "a program without a callback")
}
