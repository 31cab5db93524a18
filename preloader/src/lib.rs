//! A whole preloader program in three lines.
//!
//! ```no_run
//! use preload_macros::bpf_preload;
//!
//! #[bpf_preload("doc/iterators.bpf.o")]
//! pub mod iterators {}
//!
//! fn main() -> std::process::ExitCode {
//!     preloader::main(&[&iterators::OBJECT])
//! }
//! ```
//!
//! Its dependencies are `preloader`, and what the attribute takes: `preload-macros` and `preload-runtime`.
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
//! | `status` | prints what is preloaded, and whether it is what this program would preload |
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
//! | `--hold` | [holds on](#holding-on), in place of leaving pins behind (feature `hold`) |
//! | `--existing keep` | it stays if it is the same, and is an error if not |
//! | `--existing replace` | the new one takes its place, without a gap |
//! | `--existing update` | keep or replace, whichever it takes; so it is with `--hold` |
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
//! | 4 | for `status`: what is preloaded is not, or not all, of what this program would preload |
//!
//! # Holding on
//!
//! Whoever may write to the bpffs can remove a pin, and with it detach a program; whoever may unmount the bpffs
//! removes all of them. With `--hold` the pins are in a bpffs that is mounted nowhere
//! ([`Detached`](preload_runtime::bpffs::Detached)), and the program stays until `SIGTERM`. It tells a service
//! manager when all is in place (`READY=1` of `sd_notify(3)`), and gives it the descriptor of the bpffs to store
//! under the name `bpffs`. A unit for it:
//!
//! ```ini
//! [Service]
//! Type=notify
//! NotifyAccess=main
//! ExecStart=/usr/sbin/preloader --hold
//! FileDescriptorStoreMax=1
//! Restart=always
//! ```
//!
//! | what happens | the programs |
//! |---|---|
//! | somebody removes files under `/sys/fs/bpf`, or unmounts it | stay |
//! | the process is killed, or the unit restarted | stay: PID 1 has the descriptor, and hands it to the next process |
//! | the binary is upgraded, and the unit restarted | are replaced without a gap; maps with `--carry-maps` keep what is in them |
//! | the unit is stopped | go, unless it says `FileDescriptorStorePreserve=yes` (systemd 254) |
//! | the process is killed, and there is no service manager | go |
//! | root looks into the process (`/proc/PID/fd`), or detaches links by their ids | go: against root this is no protection; an LSM program is |
//!
//! //! # What it writes
//!
//! A line for each object on standard output, errors on standard error. Where standard error is the journal's,
//! lines begin with their priority, as `sd-daemon(3)` has it.

mod command;
#[cfg(feature = "hold")]
mod hold;
mod journal;
mod report;
mod select;

use std::process::ExitCode;

use preload_runtime::{self as runtime, Errno, Error, ErrorKind, Object, Preload, Preloaded, Removal, bpffs};

use self::command::{Command, Existing, Options, Verb};
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
    #[cfg(feature = "hold")]
    if options.hold {
        return hold(&options, &chosen);
    }
    run(verb, &options, &chosen).print(options.json)
}

/// Preloads where only this process can, and stays.
#[cfg(feature = "hold")]
fn hold(options: &Options, objects: &[&'static Object]) -> ExitCode {
    let place = match hold::Hold::begin() {
        Ok(place) => place,
        Err(message) => {
            journal::error(&message);
            return ExitCode::FAILURE;
        }
    };
    let options = Options { bpffs: place.path().into(), ..options.clone() };
    let report = run(Verb::Preload, &options, objects);
    let code = report.print(options.json);
    if !report.is_good() {
        return code;
    }
    match place.keep() {
        Ok(()) => code,
        Err(error) => {
            journal::error(&format!("cannot tell the service manager: {error}"));
            ExitCode::FAILURE
        }
    }
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
            Verb::Status => status(object, options),
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
    let preload = |existing| {
        let place = Preload::at(&options.bpffs).carry_maps(options.carry_maps).wait(options.wait);
        object.preload(place.existing(existing))
    };
    let result = match options.existing {
        Existing::Refuse => preload(runtime::Existing::Refuse),
        Existing::Keep => preload(runtime::Existing::Keep),
        Existing::Replace => preload(runtime::Existing::Replace),
        Existing::Update => match preload(runtime::Existing::Keep) {
            Err(error) if error.kind() == ErrorKind::DifferentlyPinned => preload(runtime::Existing::Replace),
            result => result,
        },
    };
    match result {
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

fn status(object: &Object, options: &Options) -> Outcome {
    match object.status(&Preload::at(&options.bpffs)) {
        Ok(status) => Outcome::Shown(Box::new(status)),
        Err(error) => Outcome::Failed(error),
    }
}

fn is_absent(error: &Error) -> bool {
    error.errno() == Some(Errno::ENOENT)
}
