//! `bpf-preload check` against the type information of a kernel that has less than the objects need, and of the one that runs.

use std::process::{Command, Output};

const SMALL: &str = "preload-cli/tests/kernel/small.btf";

fn check(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bpf-preload"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .arg("check")
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn what_is_missing_is_named_and_the_exit_code_tells() {
    let output = check(&["examples/iterators.bpf.o", "--kernel-btf", SMALL, "--json"]);
    assert_eq!(output.status.code(), Some(4));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["loads"], "no");
    let absent = |what: &str| {
        let absent = report["absent"].as_array().unwrap().iter();
        absent.filter(|absent| absent["what"] == what).map(|absent| absent["answer"].as_str().unwrap()).next()
    };
    assert_eq!(absent("bpf_iter_bpf_prog"), Some("missing"));
    assert_eq!(absent("struct bpf_map.max_entries"), Some("missing"));
    for present in ["bpf_iter_bpf_map", "struct bpf_map.id", "struct bpf_iter__bpf_map.meta"] {
        assert_eq!(absent(present), None, "{report}");
    }
    // Each with the line that needs it first, whatever order the kernel is given them in.
    let needed =
        |what: &str| report["absent"].as_array().unwrap().iter().position(|absent| absent["what"] == what);
    let place =
        |what: &str| report["absent"][needed(what).unwrap()]["place"].as_str().unwrap().rsplit(':').next();
    let (name, function) = ("struct bpf_prog_aux.name", "struct bpf_prog_aux.func_info");
    assert_eq!((place(name), place(function)), (Some("96"), Some("96")), "{report}");
    assert!(needed("struct bpf_prog.aux") < needed(function) && needed(function) < needed(name), "{report}");
}

#[test]
fn what_the_program_asks_for_may_be_missing() {
    let output = check(&["tests/bpf/core/missing.bpf.o", "--kernel-btf", SMALL]);
    let said = String::from_utf8(output.stdout).unwrap();
    let line = |answer: &str| {
        said.lines().any(|line| {
            line.starts_with("asks_first")
                && line.contains("task_struct.no_such_field")
                && line.ends_with(answer)
        })
    };
    assert!(line("missing, and not needed") && line("missing, if the program comes there"), "{said}");
}

#[test]
fn addresses_are_told_by_no_type_information() {
    let output = check(&["tests/bpf/externs/ksyms.bpf.o", "--kernel-btf", SMALL]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.lines().any(|line| line.contains(" _stext ") && line.ends_with("not told by this file")),
        "{said}"
    );
}

#[test]
fn a_file_that_is_no_type_information_is_refused() {
    let output = check(&["examples/iterators.bpf.o", "--kernel-btf", "README.md"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("README.md holds no type information of a kernel"), "{said}");
}
