//! What can go wrong, each with what to do about it.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// Why there is no object.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Cargo sets this variable for build scripts, and it is not set.
    NotInBuildScript(&'static str),
    /// The path of the source has no file name that an object can be called after.
    NoName(PathBuf),
    /// A program could not be started: its name, the package it is in, why.
    CannotStart {
        /// What was to be started.
        program: String,
        /// What has to be installed.
        package: &'static str,
        /// What the system said.
        error: io::Error,
    },
    /// A program did not succeed. Its own words went to standard error as they were.
    Failed {
        /// What was run.
        program: String,
        /// What it was run on.
        input: PathBuf,
        /// How it ended.
        status: ExitStatus,
    },
    /// A file could not be read or written.
    File(PathBuf, io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInBuildScript(variable) => {
                write!(f, "{variable} is not set: this is for build scripts, which cargo runs")
            }
            Self::NoName(path) => {
                write!(f, "{} is not the path of a source, such as src/guard.bpf.c", path.display())
            }
            Self::CannotStart { program, package, error } => {
                write!(f, "cannot start {program}: {error}; install it (Debian: {package})")?;
                if program.contains("clang") {
                    f.write_str(", or name another one in the environment variable CLANG")?;
                }
                Ok(())
            }
            Self::Failed { program, input, status } => {
                write!(f, "{program} failed on {}: {status}", input.display())
            }
            Self::File(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::CannotStart { error, .. } | Self::File(_, error) => Some(error),
            _ => None,
        }
    }
}
