//! What the type information of the running kernel tells of objects before they are loaded: the same as loading them does.

use std::fs;

use libtest_mimic::Failed;
use preload_object::{Answer, Choices, KernelTypes, NeedKind, Object, Plan};

use crate::harness::{Need, Outcome, Test};

pub(crate) const TESTS: &[Test] = &[
    Test { name: "needs::what_is_there", needs: &[Need::Kernel(5, 17)], run: what_is_there },
    Test { name: "needs::what_is_missing", needs: &[], run: what_is_missing },
];

fn answers(object: &[u8]) -> Result<Vec<(NeedKind, String, Answer)>, Failed> {
    let kernel = KernelTypes::read(&fs::read("/sys/kernel/btf/vmlinux")?)?;
    let plan = Plan::new(&Object::read(object)?, &Choices::default());
    Ok(kernel.needs(&plan).into_iter().map(|need| (need.kind, need.what, need.answer)).collect())
}

/// The iterators are loaded by other tests.
fn what_is_there() -> Outcome {
    let answers = answers(include_bytes!("../../examples/iterators.bpf.o"))?;
    assert!(answers.len() > 20, "{answers:?}");
    let absent: Vec<_> = answers.iter().filter(|(.., answer)| *answer != Answer::Present).collect();
    assert!(absent.is_empty(), "{absent:?}");
    Ok(())
}

fn what_is_missing() -> Outcome {
    let answers = answers(include_bytes!("../bpf/missing_target.bpf.o"))?;
    let target = (NeedKind::Target, "bpf_iter_nothing_that_exists".to_owned(), Answer::Missing);
    assert!(answers.contains(&target), "{answers:?}");
    let answers = self::answers(include_bytes!("../bpf/core/missing.bpf.o"))?;
    let field = answers.iter().filter(|(_, what, _)| what == "struct task_struct.no_such_field");
    assert!(
        field.clone().count() > 1 && field.clone().all(|(.., answer)| *answer != Answer::Present),
        "{answers:?}"
    );
    Ok(())
}
