//! libbpf as a witness: every object of the workspace, loaded by libbpf and by us, comes to the same, and every section
//! name means the same.
//!
//! `cargo xtask witness` runs it. The objects are found, not listed; those that this kernel refuses are compared as far as
//! they get, and the report at the end says how far that was.

mod bpffs;
mod btf;
mod compare;
mod exceptions;
mod fixtures;
mod kernel;
mod libbpf;
mod sections;

use std::process::ExitCode;
use std::sync::Mutex;

use compare::Depth;
use fixtures::FIXTURES;
use libtest_mimic::{Arguments, Trial};
use preload_object::ProgramKind;

static REPORT: Mutex<Vec<(Depth, &str)>> = Mutex::new(Vec::new());

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // libbpf's words, and the bpffs, are those of the process.
    arguments.test_threads = Some(1);
    if !arguments.list {
        if let Err(error) = bpffs::leave_the_machine() {
            eprintln!("error: the witness cannot run: {error}; it takes root");
            return ExitCode::FAILURE;
        }
    }
    libbpf::listen();

    let names = Trial::test("sections::names", || Ok(sections::names()?));
    let rows = ProgramKind::all().iter().filter(|kind| !sections::is_newer(kind.section));
    let rows =
        rows.map(|kind| Trial::test(format!("section::{}", kind.section), || Ok(sections::row(kind)?)));
    let objects = FIXTURES.iter().map(|fixture| {
        Trial::test(format!("object::{}", fixture.name), move || {
            let depth = compare::compare(fixture)?;
            REPORT.lock().map_err(|error| error.to_string())?.push((depth, fixture.name));
            Ok(())
        })
    });
    let conclusion =
        libtest_mimic::run(&arguments, std::iter::once(names).chain(rows).chain(objects).collect());
    sections::report();
    report();
    conclusion.exit_code()
}

/// How far the objects could be compared.
fn report() {
    let Ok(mut report) = REPORT.lock() else { return };
    report.sort();
    let count = |wanted: fn(&Depth) -> bool| report.iter().filter(|(depth, _)| wanted(depth)).count();
    println!("loaded by both, and the same in the kernel: {}", count(|depth| *depth == Depth::Loaded));
    println!("read by both as the same, and refused by this kernel:");
    for (depth, name) in report.iter() {
        match depth {
            Depth::Prepared(words) => println!("  {name} (linked, types and maps made): {}", short(words)),
            Depth::Opened(words) => println!("  {name}: {}", short(words)),
            _ => {}
        }
    }
    println!("refused by both: {}", count(|depth| matches!(depth, Depth::Refused(..))));
    for (depth, name) in report.iter() {
        if let Depth::Refused(ours, theirs) = depth {
            println!("  {name}\n    {}\n    {}", short(ours), short(theirs));
        }
    }
    println!("taken by one only, with reason: {}", count(|depth| matches!(depth, Depth::Listed(..))));
    for (depth, name) in report.iter() {
        if let Depth::Listed(verdict, reason) = depth {
            println!("  {name}: {verdict:?}: {reason}");
        }
    }
}

fn short(words: &str) -> String {
    words.lines().next().unwrap_or_default().chars().take(150).collect()
}
