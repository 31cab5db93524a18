//! The documented table of section names is that of the reader, and says of each what has shown it at work.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use preload_object::{Object, ProgramKind};

fn table() -> String {
    let mut table = String::from(
        "| section | attaches to | written as | attached | Linux | link |\n|---|---|---|---|---|---|\n",
    );
    for kind in ProgramKind::all() {
        let (open, target) = match kind.way.target() {
            Some((_, grammar)) => ("/", format!("`{grammar}`")),
            None => ("", String::new()),
        };
        let (needed, _) = kind.settings(None);
        let attached = if !needed.is_empty() {
            let settings: Vec<String> = needed.iter().map(|setting| format!("`{setting}`")).collect();
            format!("with {}", settings.join(", "))
        } else if kind.way.is_attached() {
            "by itself".to_owned()
        } else {
            "by hand".to_owned()
        };
        let link = kind.link_since.map(|kernel| kernel.to_string()).unwrap_or_default();
        let (section, what, since) = (kind.section, kind.way.describe(), kind.since);
        let _ = writeln!(table, "| `{section}{open}` | {what} | {target} | {attached} | {since} | {link} |");
    }
    table
}

#[test]
fn the_documentation_lists_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("preload-runtime/doc/sections.md");
    let table = table();
    if env::var_os("BLESS").is_some() {
        fs::write(&path, &table).unwrap();
    }
    let documented = fs::read_to_string(&path).unwrap();
    assert!(documented == table, "run `BLESS=1 cargo test --test sections`, and read the difference");
}

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The cells of the rows of a table in Markdown, without heads and rulers.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// The names in backticks.
fn names(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// All of the sources of the kernel tests.
fn tests(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        text += &if path.is_dir() { tests(&path) } else { fs::read_to_string(&path).unwrap() };
    }
    text
}

/// Every section is there once: with an object that has a program in it and a test, or with a reason.
#[test]
fn every_section_was_seen_or_has_a_reason() {
    let root = Path::new(ROOT);
    let seen = fs::read_to_string(root.join("preload-runtime/doc/seen.md")).unwrap();
    let tests = tests(&root.join("tests/kernel"));
    let is_test = |name: &str| tests.contains(&format!("name: \"{name}\""));
    let mut listed = BTreeSet::new();
    for row in rows(&seen) {
        for section in names(row[0]) {
            assert!(listed.insert(section.to_owned()), "`{section}` is listed twice");
        }
        match row[..] {
            [sections, object, test] => {
                let path = root.join("tests/bpf").join(format!("{}.bpf.o", names(object)[0]));
                let object = Object::read(&fs::read(&path).unwrap()).unwrap();
                for section in names(sections) {
                    let has = object.programs().iter().any(|program| program.kind.section == section);
                    assert!(has, "{} has no program in `{section}`", path.display());
                }
                assert!(is_test(names(test)[0]), "there is no test {test}");
            }
            [_, reason] => {
                let named = names(reason).into_iter().filter(|name| name.contains("::"));
                named.for_each(|name| assert!(is_test(name), "there is no test `{name}`"));
            }
            _ => panic!("a row of another form: {row:?}"),
        }
    }
    let all: BTreeSet<String> = ProgramKind::all().iter().map(|kind| kind.section.to_owned()).collect();
    assert_eq!(listed, all);
}
