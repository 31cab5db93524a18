//! Functions that programs are loaded against, and that are not there or cannot be traced.

use preload_runtime::{Error, ErrorKind, Step};

use super::objects::{absent_fentry, absent_module, untraceable};
use crate::harness::{Need, Outcome, Test, ensure, equal};

/// Before, it could be traced.
const FUNCTIONS: &[Need] = &[Need::Kernel(6, 1), Need::NoLockdown];

pub(super) const TESTS: &[Test] = &[
    Test { name: "failures::attaching_to_no_such_function", needs: &[], run: no_function },
    Test { name: "failures::attaching_to_a_function_of_no_module", needs: &[], run: no_module },
    Test {
        name: "failures::attaching_to_a_function_that_cannot_be_traced",
        needs: FUNCTIONS,
        run: no_tracing,
    },
];

fn says(error: &Error, parts: &[&str]) -> Outcome {
    let message = error.to_string();
    parts
        .iter()
        .try_for_each(|part| ensure(message.contains(part), || format!("`{part}` is not in: {message}")))
}

fn is_absent(error: Option<Error>, parts: &[&str]) -> Outcome {
    let error = error.ok_or("it was loaded")?;
    equal(error.step(), Step::FindTarget, "the step")?;
    ensure(matches!(error.kind(), ErrorKind::NoTarget(_)), || format!("another kind: {error}"))?;
    says(&error, parts)
}

fn no_function() -> Outcome {
    let error = absent_fentry::Skel::open().load().err();
    let parts = ["program `nothing` (fentry/no_such_function)", "is not in the kernel's type information"];
    is_absent(error, &parts)
}

fn no_module() -> Outcome {
    let error = absent_module::Skel::open().load().err();
    let parts = [
        "program `nothing` (fentry/no_such_module:function)",
        "`function` is not in the type information of no_such_module",
        "load the module first",
    ];
    is_absent(error, &parts)
}

/// The type information of older kernels has only functions that can be traced.
fn no_tracing() -> Outcome {
    let mut skel = match untraceable::Skel::open().load() {
        Ok(skel) => skel,
        Err(error) => return is_absent(Some(error), &["(fentry/ktime_get_mono_fast_ns)"]),
    };
    let error = skel.attach().err().ok_or("it was attached")?;
    equal(error.step(), Step::Attach, "the step")?;
    says(&error, &["program `nothing` (fentry/ktime_get_mono_fast_ns)", "cannot be traced"])
}
