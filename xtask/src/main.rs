//! The project's own commands; `cargo xtask help` lists them.

mod bench;
mod bpf;
mod faults;
mod files;
mod fuzz;
mod places;
mod sign;
mod signed;
mod small;
mod tool;
mod vm;
mod witness;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use lexopt::Arg;

const USAGE: &str = "\
usage: cargo xtask COMMAND [OPTIONS]

commands:
  bench   compare loading, building and expanding with others
  bpf     compile the BPF sources to the objects beside them
  faults  fail and kill preloads at every system call
  fuzz    read and plan objects that are changed at random
  places  boot and run what lies in places/, in virtual machines
  sign    sign the objects that the tests load signed
  signed  run the policy for signed objects, in virtual machines
  small   build and run the preloader without std
  vm      run the kernel tests in virtual machines, one for each kernel
  witness compare every object with what libbpf makes of it
  help    print this
";

fn main() -> ExitCode {
    match dispatch() {
        Ok(code) => code,
        Err(error) => match error.downcast_ref::<lexopt::Error>() {
            Some(usage) => {
                eprintln!("error: {usage}; see `cargo xtask help`");
                ExitCode::from(2)
            }
            None => {
                eprintln!("error: {error:#}");
                ExitCode::FAILURE
            }
        },
    }
}

fn dispatch() -> Result<ExitCode> {
    let mut parser = lexopt::Parser::from_env();
    match parser.next()? {
        Some(Arg::Value(command)) if command == "bench" => bench::run(&mut parser),
        Some(Arg::Value(command)) if command == "bpf" => bpf::run(&bpf::Options::parse(&mut parser)?),
        Some(Arg::Value(command)) if command == "faults" => {
            faults::run(&faults::Options::parse(&mut parser)?)
        }
        Some(Arg::Value(command)) if command == "places" => {
            places::parse(&mut parser)?;
            places::run()
        }
        Some(Arg::Value(command)) if command == "sign" => sign::run(&sign::Options::parse(&mut parser)?),
        Some(Arg::Value(command)) if command == "signed" => {
            signed::run(&signed::Options::parse(&mut parser)?)
        }
        Some(Arg::Value(command)) if command == "small" => {
            small::parse(&mut parser)?;
            small::run()
        }
        Some(Arg::Value(command)) if command == "vm" => vm::run(&vm::Options::parse(&mut parser)?),
        Some(Arg::Value(command)) if command == "fuzz" => fuzz::run(&fuzz::Options::parse(&mut parser)?),
        Some(Arg::Value(command)) if command == "witness" => {
            witness::run(&witness::Options::parse(&mut parser)?)
        }
        Some(Arg::Value(command)) if command == "help" => help(),
        Some(Arg::Long("help") | Arg::Short('h')) => help(),
        Some(arg) => Err(arg.unexpected().into()),
        None => {
            eprint!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    }
}

fn help() -> Result<ExitCode> {
    print!("{USAGE}");
    for help in [
        bench::HELP,
        bpf::HELP,
        faults::HELP,
        fuzz::HELP,
        places::HELP,
        sign::HELP,
        signed::HELP,
        small::HELP,
        vm::HELP,
        witness::HELP,
    ] {
        print!("\n{help}");
    }
    Ok(ExitCode::SUCCESS)
}

/// The workspace this binary was built from.
fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}
