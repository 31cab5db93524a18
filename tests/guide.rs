//! The guide, followed to the letter: its files make a crate, and the crate compiles.
//!
//! Needs clang, as its reader does. Without it the test says that it did not run; with `CI=true` it fails.

mod support;

use std::fs;
use std::path::Path;

use support::{Package, both, compiler, runtime};

/// Files of the guide: a line with nothing but the name, then a block.
fn files(guide: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut name = None;
    let mut lines = guide.lines();
    while let Some(line) = lines.next() {
        if let Some(file) = line.strip_prefix('`').and_then(|rest| rest.strip_suffix("`:")) {
            name = Some(file.to_owned());
        } else if line.starts_with("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            if let Some(name) = name.take() {
                files.push((name, block.join("\n") + "\n"));
            }
        }
    }
    files
}

#[test]
fn the_guide_makes_a_crate() {
    let Some(clang) = compiler() else { return };
    let guide = fs::read_to_string(runtime().join("doc/guide.md")).unwrap();
    let files = files(&guide);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["src/opens.bpf.c", "build.rs", "src/main.rs"]);

    // The kernel tests load it.
    let loaded =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bpf/programs/opens.bpf.c"))
            .unwrap();
    assert!(
        loaded.ends_with(&format!("letter by letter.\n{}", files[0].1)),
        "tests/bpf/programs/opens.bpf.c differs"
    );

    let dependencies = format!(
        "{}\n[build-dependencies]\npreload-build = {{ path = {:?} }}",
        both(),
        Path::new(env!("CARGO_MANIFEST_DIR")).join("preload-build")
    );
    let package = Package::with_dependencies("guide", "2024", &dependencies);
    for (name, text) in &files {
        package.write(name, text);
    }
    package.cargo_with("build", &[("CLANG", &clang)]).assert_clean();
}
