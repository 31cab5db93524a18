//! What the attribute says to mistakes, word for word, and that it takes what looks like one but is none.
//!
//! A case of `ui-tests/` makes one mistake and is named after it; its `.stderr` holds what the compiler
//! prints. Those in `ui-tests/pass/` compile and run. After a change of the messages, `TRYBUILD=overwrite
//! cargo test --test ui` writes the new ones: read them as a user would before they are committed.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

/// Another compiler words its own part of the messages in another way.
const BLESSED_WITH: &str = "rustc 1.95.";

#[test]
fn ui() {
    let version = rustc_version();
    if !version.starts_with(BLESSED_WITH) {
        let reason = format!("the UI cases are written for {BLESSED_WITH}x, this is {}", version.trim());
        // Not `eprintln!`, which the test harness swallows when the test passes.
        let _ = writeln!(io::stderr(), "\nSKIPPED: {reason}\n");
        assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "{reason}");
        return;
    }
    damaged_objects(Path::new("ui-tests/objects/generated")).expect("cannot make the damaged objects");

    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui-tests/args/*.rs");
    cases.compile_fail("ui-tests/module/*.rs");
    cases.compile_fail("ui-tests/path/*.rs");
    cases.compile_fail("ui-tests/object/*.rs");
    cases.compile_fail("ui-tests/data/*.rs");
    cases.compile_fail("ui-tests/attach/*.rs");
    cases.compile_fail("ui-tests/maps/*.rs");
    cases.compile_fail("ui-tests/signature/*.rs");
    cases.compile_fail("ui-tests/names/*.rs");
    cases.compile_fail("ui-tests/types/*.rs");
    cases.pass("ui-tests/pass/*.rs");
}

fn rustc_version() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("cannot run rustc");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Objects that no compiler gives, made of one that it does.
fn damaged_objects(folder: &Path) -> io::Result<()> {
    let object = fs::read("examples/iterators.bpf.o")?;
    fs::create_dir_all(folder)?;

    fs::write(folder.join("truncated.bpf.o"), &object[..object.len() / 2])?;

    let mut other_machine = object.clone();
    const E_MACHINE: usize = 18;
    other_machine[E_MACHINE..E_MACHINE + 2].copy_from_slice(&62_u16.to_le_bytes());
    fs::write(folder.join("other_machine.bpf.o"), other_machine)?;

    let mut core_without_info = object;
    clear_info(&mut core_without_info);
    fs::write(folder.join("core_without_info.bpf.o"), core_without_info)
}

/// Takes function and line records out of `.BTF.ext` by setting their lengths to zero; those of CO-RE stay.
fn clear_info(object: &mut [u8]) {
    // Magic number, version, flags, and the header length that tells it from `.BTF`.
    const HEADER: [u8; 8] = [0x9f, 0xeb, 1, 0, 32, 0, 0, 0];
    const FUNC_INFO_LEN: usize = 12;
    const LINE_INFO_LEN: usize = 20;
    let start = object.windows(HEADER.len()).position(|bytes| bytes == HEADER).expect("no .BTF.ext");
    for field in [FUNC_INFO_LEN, LINE_INFO_LEN] {
        object[start + field..][..4].fill(0);
    }
}
