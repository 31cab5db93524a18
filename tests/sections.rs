//! The documented table of section names is that of the reader.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use preload_object::ProgramKind;

fn table() -> String {
    let mut table = String::from(
        "| section | attaches to | written as | attached | Linux | link |\n|---|---|---|---|---|---|\n",
    );
    for kind in ProgramKind::all() {
        let (open, target) = match kind.way.target() {
            Some((_, grammar)) => ("/", format!("`{grammar}`")),
            None => ("", String::new()),
        };
        let (needed, _) = kind.settings();
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
