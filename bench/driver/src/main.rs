//! Measures preloading: this project beside others, and beside what the kernel alone takes.
//!
//! Everything is compared in one run on one machine, in turns, so that what the machine does meanwhile meets all alike; what
//! counts are the ratios.

mod builds;
mod case;
mod clang;
mod contestant;
mod expansion;
mod floor;
mod machine;
mod measure;
mod names;
mod options;
mod outcome;
mod report;
mod run;
mod statistics;
mod tool;
mod watch;

use std::process::ExitCode;

use anyhow::Result;

use self::machine::Machine;
use self::options::Options;
use self::outcome::Outcome;

fn main() -> ExitCode {
    let options = match Options::parse() {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{}", options::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error}; see `cargo xtask bench --help`");
            return ExitCode::from(2);
        }
    };
    match bench(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn bench(options: &Options) -> Result<()> {
    let machine = Machine::prepare()?;
    let mut outcome = Outcome { conditions: machine.conditions(), ..Outcome::default() };
    if options.wants("run") {
        run::measure(&machine, options, &mut outcome)?;
    }
    if options.wants("builds") {
        builds::measure(&machine, options, &mut outcome)?;
    }
    if options.wants("expansion") {
        expansion::measure(&machine, options, &mut outcome)?;
    }
    outcome.conditions_after = machine.conditions();
    print!("{}", report::text(&outcome));
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_string_pretty(&report::json(&outcome))?)?;
        eprintln!("written: {}", path.display());
    }
    Ok(())
}
