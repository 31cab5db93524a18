//! What the README shows is what the tool prints.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

const PROMPT: &str = "$ bpf-preload ";

/// Runs each command of a `console` block in the workspace; with `BLESS=1`, writes down what it prints.
#[test]
fn commands_print_what_is_shown() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = package.join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let mut fresh = String::new();
    let mut shown = false;
    for line in readme.lines() {
        // What is shown behind a command is printed anew.
        shown &= line != "```";
        if let Some(arguments) = line.strip_prefix(PROMPT) {
            shown = true;
            fresh += &format!("{line}\n{}", run(package.parent().unwrap(), arguments));
        } else if !shown {
            fresh += &format!("{line}\n");
        }
    }
    assert!(fresh.contains(PROMPT), "the README shows no command");
    if env::var_os("BLESS").is_some() {
        fs::write(&path, fresh).unwrap();
    } else {
        assert_eq!(readme, fresh, "run `BLESS=1 cargo test -p preload-cli`");
    }
}

/// What a command prints, errors behind the rest.
fn run(workspace: &Path, arguments: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_bpf-preload"))
        .current_dir(workspace)
        .args(arguments.split_whitespace())
        .output()
        .unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}
