//! The page that explains errors has all of them: kinds, steps, and the numbers it speaks of are known ones.

use std::fs;
use std::path::Path;

const PAGE: &str = "preload-runtime/doc/errors.md";
const SOURCE: &str = "preload-runtime/src/error/mod.rs";

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The variants of an enumeration in the source.
fn variants<'a>(source: &'a str, name: &str) -> Vec<&'a str> {
    let body = source.split(&format!("pub enum {name} {{\n")).nth(1).unwrap().split("\n}\n").next().unwrap();
    let variants = body
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()));
    variants.map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap()).collect()
}

#[test]
fn every_kind_has_a_part_of_its_own() {
    let (page, source) = (read(PAGE), read(SOURCE));
    let kinds = variants(&source, "ErrorKind");
    assert!(kinds.len() > 20, "{kinds:?}");
    let parts: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("## `ErrorKind::")?.strip_suffix('`')).collect();
    assert_eq!(parts, kinds, "the parts of {PAGE}, in the order of the source");
    for part in page.split("## `ErrorKind::").skip(1) {
        assert!(part.len() > 100, "there is little to read: {part}");
    }
}

#[test]
fn every_step_is_explained() {
    let (page, source) = (read(PAGE), read(SOURCE));
    let table = page.split("# Steps").nth(1).unwrap();
    for step in variants(&source, "Step") {
        assert!(table.contains(&format!("`{step}`")), "`Step::{step}` is not in the table of {PAGE}");
    }
}

#[test]
fn numbers_are_known_ones() {
    let (page, source) = (read(PAGE), read("preload-runtime/src/sys/errno.rs"));
    let table = page.split("# Error numbers").nth(1).unwrap().split("\n# ").next().unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| `E")).collect();
    assert!(rows.len() > 10, "{rows:?}");
    for row in rows {
        let numbers = row.split('|').nth(1).unwrap().split(',').map(|number| number.trim().trim_matches('`'));
        for number in numbers {
            assert!(source.contains(&format!("    {number} = ")), "{number} is not one of the crate's");
        }
    }
}
