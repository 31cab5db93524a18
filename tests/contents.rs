//! The documented table of what an object may hold is complete: each BPF source of the tests is in it as an example, and
//! each example is there.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const TABLE: &str = "preload-runtime/doc/contents.md";

/// The cells of each row, without heads and rulers, and how many a row of its table has.
fn rows(table: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = table.lines().collect();
    let is_ruler = |line: Option<&&str>| line.is_some_and(|line| line.starts_with("|-"));
    let rows = lines.iter().enumerate().filter(|(number, line)| {
        line.starts_with('|') && !line.starts_with("|-") && !is_ruler(lines.get(number + 1))
    });
    rows.map(|(_, line)| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// The examples of a row: `` `maps`, `examples/ringbuf` ``.
fn examples<'a>(row: &[&'a str]) -> Vec<&'a str> {
    let cell = row.last().copied().unwrap_or_default();
    cell.split(',').map(|example| example.trim().trim_matches('`')).collect()
}

/// The sources below a folder, as the table names them.
fn sources(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            sources(&entry.path(), &format!("{prefix}{name}/"), found)?;
        } else if let Some(name) = name.strip_suffix(".bpf.c") {
            found.insert(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

#[test]
fn every_source_is_an_example_of_something() {
    let table = fs::read_to_string(Path::new(ROOT).join(TABLE)).unwrap();
    let named: BTreeSet<String> =
        rows(&table).iter().flat_map(|row| examples(row)).map(str::to_owned).collect();
    let mut there = BTreeSet::new();
    sources(&Path::new(ROOT).join("tests/bpf"), "", &mut there).unwrap();
    sources(&Path::new(ROOT).join("examples"), "examples/", &mut there).unwrap();

    let missing: Vec<_> = there.difference(&named).collect();
    assert!(missing.is_empty(), "{TABLE} does not say what these are examples of: {missing:?}");
    let gone: Vec<_> = named.difference(&there).collect();
    assert!(gone.is_empty(), "{TABLE} names examples that are not there: {gone:?}");
}

#[test]
fn rows_are_in_order() {
    let table = fs::read_to_string(Path::new(ROOT).join(TABLE)).unwrap();
    let rows = rows(&table);
    assert!(!rows.is_empty());
    for row in rows {
        let (kernel, decided) = match row[..] {
            [_, kernel, decided, _] => (kernel, decided),
            // What is refused is refused on every kernel.
            [_, decided, _] => ("5.10", decided),
            _ => panic!("a row of {} cells: {row:?}", row.len()),
        };
        assert!(["compiled", "loaded", "both"].contains(&decided), "{row:?}");
        let version = kernel
            .split_once('.')
            .and_then(|(major, minor)| Some((major.parse::<u8>().ok()?, minor.parse::<u8>().ok()?)));
        assert!(version >= Some((5, 10)), "{row:?}");
    }
}
