//! Programs that are loaded on several threads come out as if there was one.

use preload_runtime::{Errno, Skeleton as _, Step};

use crate::harness::{Outcome, Test, equal};
use crate::objects::{busy, busy_refused};
use crate::witness::bpftool;

/// How often: what threads do differs from one time to the next.
const ROUNDS: usize = 5;

pub(crate) const TESTS: &[Test] = &[
    Test { name: "busy::each_program_is_in_its_place", needs: &[], run: each_program_is_in_its_place },
    Test { name: "busy::the_first_refused_program_is_named", needs: &[], run: the_first_refused_is_named },
];

fn each_program_is_in_its_place() -> Outcome {
    for _ in 0..ROUNDS {
        let skel = busy::Skel::open().load()?;
        let programs = bpftool("prog")?;
        equal(skel.programs().count(), 12, "programs")?;
        for (number, program) in skel.programs().enumerate() {
            equal(program.name(), format!("busy_{number}").as_str(), "the name in the skeleton")?;
            let id = program.id()?;
            let name = programs.get(&id).and_then(|program| program.get("name")?.as_str());
            equal(name, Some(program.name()), "the name in the kernel")?;
        }
    }
    Ok(())
}

fn the_first_refused_is_named() -> Outcome {
    for _ in 0..ROUNDS {
        let error = busy_refused::Skel::open().load().err().ok_or("it went well")?;
        equal(error.step(), Step::LoadProgram, "the step")?;
        equal(error.item(), Some("busy_7"), "the program")?;
        equal(error.errno(), Some(Errno::EACCES), "the error number")?;
        let log = String::from_utf8_lossy(error.verifier_log().unwrap_or_default()).into_owned();
        // What is wrong with it, kernels say in words of their own.
        crate::harness::ensure(log.contains("r6 = *(u64 *)(r1 +0)"), || format!("the log is {log}"))?;
    }
    Ok(())
}
