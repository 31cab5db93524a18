//! The project's own commands; `cargo xtask help` lists them.

mod bpf;
mod tool;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use lexopt::Arg;

const HELP: &str = "\
usage: cargo xtask COMMAND [OPTIONS]

commands:
  bpf    compile the BPF sources to the objects beside them
  help   print this

bpf [--check]
  Compiles every *.bpf.c of the workspace with the clang version the objects are
  committed from. Directives in a source's leading comment change how it is built:
  see xtask/src/bpf/directives.rs.
  --check    write nothing; fail unless the committed objects are what the sources give
";

fn main() -> ExitCode {
    match dispatch() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            // As a usage error is told from work that failed.
            ExitCode::from(if error.is::<lexopt::Error>() { 2 } else { 1 })
        }
    }
}

fn dispatch() -> Result<ExitCode> {
    let mut parser = lexopt::Parser::from_env();
    match parser.next()? {
        Some(Arg::Value(command)) if command == "bpf" => bpf::run(&bpf::Options::parse(&mut parser)?),
        Some(Arg::Value(command)) if command == "help" => help(),
        Some(Arg::Long("help") | Arg::Short('h')) => help(),
        Some(arg) => Err(arg.unexpected().into()),
        None => {
            eprint!("{HELP}");
            Ok(ExitCode::from(2))
        }
    }
}

fn help() -> Result<ExitCode> {
    print!("{HELP}");
    Ok(ExitCode::SUCCESS)
}

/// The workspace this binary was built from.
fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the workspace")
}
