//! Tests on a real kernel: real objects, loaded by the crate, looked at from outside.
//!
//! The same binary runs on the host and in every virtual machine (`cargo xtask vm`). It needs root, `bpftool` and `strace`.

mod attach;
mod busy;
mod calls;
mod child;
mod core;
mod data;
mod descriptors;
mod example;
mod externs;
mod failures;
mod faults;
mod features;
mod guard;
mod harness;
mod hold;
mod in_kernel;
mod instances;
mod iterators;
mod links;
mod maps;
mod needs;
mod objects;
mod preloader;
mod producers;
mod programs;
mod signed;
mod struct_ops;
mod token;
mod transaction;
mod types;
mod witness;

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(status) = child::main() {
        return status;
    }
    if let Some(tests) = signed::alone() {
        return harness::main(tests);
    }
    let groups = [
        iterators::TESTS,
        calls::TESTS,
        busy::TESTS,
        instances::TESTS,
        descriptors::TESTS,
        failures::TESTS,
        faults::TESTS,
        features::TESTS,
        guard::TESTS,
        links::TESTS,
        maps::TESTS,
        needs::TESTS,
        producers::TESTS,
        maps::every_type::TESTS,
        maps::legacy::TESTS,
        maps::pinned::TESTS,
        data::TESTS,
        data::arena::TESTS,
        maps::slots::TESTS,
        token::TESTS,
        transaction::TESTS,
        example::TESTS,
        core::TESTS,
        struct_ops::TESTS,
        preloader::TESTS,
        hold::TESTS,
    ];
    harness::main(
        [
            groups.concat(),
            attach::tests(),
            externs::tests(),
            programs::tests(),
            types::TESTS.concat(),
            in_kernel::tests(),
        ]
        .concat(),
    )
}
