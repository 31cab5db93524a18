//! `bpf-preload unpin` in a bpffs that only the test sees: as root, in a mount namespace of its own.

use std::env;
use std::process::Command;

/// Two sets as preloads leave them, without what was pinned: one alone, one with something else in it.
const SCRIPT: &str = "
mount -t bpf bpf /sys/fs/bpf
cd /sys/fs/bpf
for set in own mixed; do
    mkdir $set
    ln -s 'bpf-preload 1 b8d277f5d8aee6c0c0ea2c4fff3cc097 -/link' $set/__preload0
done
mkdir mixed/other foreign
for set in own mixed foreign nothing; do
    \"$1\" unpin /sys/fs/bpf/$set && code=0 || code=$?
    echo \"$set: exit $code\"
done 2>&1
echo left: $(find own mixed foreign 2>/dev/null | sort)
";

#[test]
fn a_preload_is_removed_and_nothing_else() {
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-eu", "-c", SCRIPT, "sh", env!("CARGO_BIN_EXE_bpf-preload")])
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if said.contains("unshare failed") && env::var_os("CI").is_none() {
        eprintln!("did not run: mount namespaces take root");
        return;
    }
    assert!(output.status.success(), "{said}");
    assert!(said.contains("own: exit 0"), "{said}");
    for refused in ["mixed", "foreign", "nothing"] {
        assert!(said.contains(&format!("{refused}: exit 1")), "{said}");
    }
    assert!(said.contains("left: foreign mixed mixed/__preload0 mixed/other\n"), "{said}");
    assert!(said.contains("/sys/fs/bpf/mixed/other: this was not made by a preload"), "{said}");
}
