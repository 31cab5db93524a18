//! `bpf-preload`: looks at eBPF objects as `#[bpf_preload]` does.

mod inspect;
mod names;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Looks at eBPF objects as the attribute `#[bpf_preload]` does.
#[derive(Parser)]
#[command(name = "bpf-preload", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tells what the attribute makes of an object: programs, maps, pins, and what a kernel must have for them.
    ///
    /// Fails where the attribute would be a compile error, with the same words.
    Inspect {
        /// The object, as clang has written it.
        object: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Inspect { object, json } => inspect::run(&object, json),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
