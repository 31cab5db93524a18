//! A whole preloader program in three lines.
//!
//! ```no_run
//! use preload_runtime::bpf_preload;
//!
//! #[bpf_preload("doc/iterators.bpf.o")]
//! pub mod iterators {}
//!
//! fn main() -> std::process::ExitCode {
//!     preloader::main(&[&iterators::OBJECT])
//! }
//! ```
//!
//! The program is for an initramfs, a systemd unit or a container's entry point: it puts its objects into the
//! kernel, in the order of the list, and ends. What it was built with is all that it can load.
//!
//! # Commands
//!
//! | command | what it does |
//! |---|---|
//! | `preload` | loads, attaches and pins; also what is done without a command |
//! | `unpin` | removes the pins |
//! | `plan` | prints what would be done; needs no privilege |
//!
//! # Options
//!
//! | option | meaning |
//! |---|---|
//! | `--list NAME,NAME..` | which objects, in this order |
//! | `--bpffs DIR` | the directory of a bpffs to pin in, `/sys/fs/bpf` unless it is said |
//! | `--mount` | mounts a bpffs there, unless there is one |
//! | `--existing refuse` | an object that is preloaded already is an error; so it is unless another one is said |
//! | `--existing keep` | it stays if it is the same, and is an error if not |
//! | `--existing replace` | the new one takes its place, without a gap |
//! | `--carry-maps` | when replacing, pinned maps keep what is in them |
//! | `--wait` | waits for another preloader at the same place, in place of giving up |
//! | `--keep-going` | goes on with the other objects after a failure |
//! | `--json` | prints one line of JSON in place of text (feature `json`) |
//! | `--help` | prints this |
//!
//! # Which objects
//!
//! Those of `--list`; else those of `bpf_preload_list=NAME,NAME..` on the command line of the kernel, which
//! counts for `preload` only; else all, in the order of the program. Empty and repeated names count for nothing, so
//! that an empty list preloads nothing. A name that the program does not have is an error that lists those it has, and
//! nothing is done.
//!
//! # Exit codes
//!
//! | code | meaning |
//! |---|---|
//! | 0 | all was done |
//! | 1 | an object failed, and left nothing behind; those before it are in place, those behind it were not tried |
//! | 2 | the command line of the program or the list of objects is wrong; nothing was done |
//! | 3 | with `--keep-going`: an object failed, all others were tried |
//!
//! # What it writes
//!
//! A line for each object on standard output, errors on standard error. Where standard error is the journal's,
//! lines begin with their priority, as `sd-daemon(3)` has it.

mod command;
mod journal;
mod report;
mod select;

use std::process::ExitCode;

use preload_runtime::{Errno, Error, Object, Preload, Preloaded, Removal, bpffs};

use self::command::{Command, Options, Verb};
use self::report::{Outcome, Report};

/// The command line of the program is wrong.
const USAGE: u8 = 2;

/// Does what the command line of the program says with these objects.
///
/// The names of the objects must differ, as their directories must: see the argument `dir` of the attribute.
pub fn main(objects: &[&'static Object]) -> ExitCode {
    let command = match Command::from_env() {
        Ok(Command::Help) => {
            print!("{}", command::HELP);
            return ExitCode::SUCCESS;
        }
        Ok(Command::Run(verb, options)) => (verb, options),
        Err(error) => return usage(&error.to_string()),
    };
    let (verb, options) = command;
    let chosen = match select::select(objects, verb, options.list.as_deref()) {
        Ok(chosen) => chosen,
        Err(message) => return usage(&message),
    };
    run(verb, &options, &chosen).print(options.json)
}

fn usage(message: &str) -> ExitCode {
    journal::error(&format!("{message}; see --help"));
    ExitCode::from(USAGE)
}

fn run(verb: Verb, options: &Options, objects: &[&'static Object]) -> Report {
    let mut report = Report::new(verb, options, objects);
    if verb == Verb::Preload && options.mount {
        if let Err(error) = bpffs::mount(&options.bpffs) {
            report.refuse(&error);
            return report;
        }
    }
    for (index, object) in objects.iter().enumerate() {
        let outcome = match verb {
            Verb::Preload => preload(object, options),
            Verb::Unpin => unpin(object, options),
            Verb::Plan => Outcome::Planned,
        };
        let failed = matches!(outcome, Outcome::Failed(_));
        report.set(index, outcome);
        if failed && !options.keep_going {
            break;
        }
    }
    report
}

fn preload(object: &Object, options: &Options) -> Outcome {
    let preload = Preload::at(&options.bpffs)
        .existing(options.existing)
        .carry_maps(options.carry_maps)
        .wait(options.wait);
    match object.preload(preload) {
        Ok(Preloaded::New(())) => Outcome::Preloaded,
        Ok(Preloaded::Replaced(())) => Outcome::Replaced,
        Ok(Preloaded::Kept) => Outcome::Kept,
        Err(error) => Outcome::Failed(error),
    }
}

fn unpin(object: &Object, options: &Options) -> Outcome {
    match object.unpin(&Removal::at(&options.bpffs).wait(options.wait)) {
        Ok(()) => Outcome::Unpinned,
        // Of all objects of a program, some may never have been preloaded.
        Err(error) if options.list.is_none() && is_absent(&error) => Outcome::Absent,
        Err(error) => Outcome::Failed(error),
    }
}

fn is_absent(error: &Error) -> bool {
    error.errno() == Some(Errno::ENOENT)
}
