//! `bpf-preload status` outside a bpffs; what it shows inside one is tested with the runtime, whose words they are.

use std::process::Command;

#[test]
fn a_place_outside_a_bpffs_is_refused() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_bpf-preload")).args(["status", "/tmp/nothing"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("not in a bpffs"), "{said}");
}
