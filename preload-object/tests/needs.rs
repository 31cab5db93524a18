//! What objects need of a kernel, answered by type information.

use std::fs;
use std::path::Path;

use preload_object::{Answer, Choices, KernelTypes, NeedKind, Object, Plan};

/// An object stands for a kernel: it has the types that it was compiled with.
fn answers(object: &[u8], kernel: &[u8]) -> Vec<(NeedKind, String, Answer)> {
    let plan = Plan::new(&Object::read(object).unwrap(), &Choices::default());
    let needs = KernelTypes::read(kernel).unwrap().needs(&plan);
    needs.into_iter().map(|need| (need.kind, need.what, need.answer)).collect()
}

#[test]
fn what_the_object_was_compiled_with_is_there() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/iterators.bpf.o");
    let iterators = fs::read(path).unwrap();
    let answers = answers(&iterators, &iterators);
    let relocations = answers.iter().filter(|(kind, ..)| *kind == NeedKind::Relocation);
    assert!(relocations.clone().count() > 3);
    assert!(relocations.clone().all(|(.., answer)| *answer == Answer::Present), "{answers:?}");
    // It has no functions of the kernel.
    let target = (NeedKind::Target, "bpf_iter_bpf_map".to_owned(), Answer::Missing);
    assert!(answers.contains(&target), "{answers:?}");
}

#[test]
fn what_is_no_type_information_is_refused() {
    for bytes in [&b""[..], b"#!/bin/sh", &[0x9f, 0xeb, 1, 0]] {
        assert!(KernelTypes::read(bytes).is_err());
    }
}
