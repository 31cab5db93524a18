//! `bpf-preload`: looks at eBPF objects as `#[bpf_preload]` does, and signs them.

mod check;
mod inspect;
mod names;
mod sign;
mod status;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Looks at eBPF objects as the attribute `#[bpf_preload]` does, and signs them.
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
    /// Signs an object, for the argument `signature` of the attribute.
    ///
    /// What is signed are two messages: the program that loads the object from inside the kernel, in the form of Linux 6.18 and in that of
    /// 7.3. With --key and --cert, openssl signs both. With --message they are written, to be signed elsewhere; --signed-hashed and
    /// --signed-bound bring the signatures back.
    Sign(sign::Options),
    /// Fails unless a signature file belongs to an object, and was signed with the key of a certificate.
    Verify(sign::Verification),
    /// Tells what of the things that an object needs of a kernel another kernel has, by that one's type information.
    ///
    /// Looked for are the types that programs are loaded against, functions, variables and operations of the kernel, and what CO-RE
    /// relocations refer to. Exits with 4 where something is missing that the object cannot do without, with 5 where that cannot be told.
    Check {
        /// The object, as clang has written it.
        object: PathBuf,
        /// A file with the type information of the kernel: /sys/kernel/btf/vmlinux of the other machine, or its vmlinux.
        #[arg(long, value_name = "FILE", default_value = "/sys/kernel/btf/vmlinux")]
        kernel_btf: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Tells what is preloaded as a directory of a bpffs: links and what they are attached to, maps, what is missing.
    ///
    /// Exits with 4 where it is not a preload, or not all of it is there.
    Status {
        /// The directory of an object: /sys/fs/bpf/iterators.
        directory: PathBuf,
    },
    /// Removes the pins of a preload and its directory, and nothing else.
    ///
    /// A directory that is not a preload, or that something else lies in, is left as it is; that is an error.
    Unpin {
        /// The directory of an object: /sys/fs/bpf/iterators.
        directory: PathBuf,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Inspect { object, json } => inspect::run(&object, json),
        Command::Sign(options) => sign::run(&options),
        Command::Verify(options) => sign::verify(&options),
        Command::Check { object, kernel_btf, json } => check::run(&object, &kernel_btf, json),
        Command::Status { directory } => status::run(&directory),
        Command::Unpin { directory } => status::unpin(&directory),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
