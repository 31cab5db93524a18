//! What has become of each object, as text or as JSON.

#[cfg(feature = "json")]
mod json;
mod text;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use preload_runtime::{Error, Match, Object, State, Status};

use crate::command::{Options, Verb};
use crate::journal;

/// What has become of one object.
#[derive(Debug)]
pub(crate) enum Outcome {
    Preloaded,
    Replaced,
    Kept,
    Unpinned,
    /// There was nothing to unpin.
    Absent,
    Planned,
    /// What is there.
    Shown(Box<Status>),
    Failed(Error),
    /// After the failure of another one.
    NotTried,
}

impl Outcome {
    /// One word, the same in text and JSON.
    fn word(&self) -> &'static str {
        match self {
            Self::Preloaded => "preloaded",
            Self::Replaced => "replaced",
            Self::Kept => "kept",
            Self::Unpinned => "unpinned",
            Self::Absent => "absent",
            Self::Planned => "planned",
            Self::Shown(status) if is_as_compiled(status) => "as compiled",
            Self::Shown(_) => "differs",
            Self::Failed(_) => "failed",
            Self::NotTried => "not tried",
        }
    }
}

/// All that is to be told of a run.
pub(crate) struct Report {
    #[cfg_attr(not(feature = "json"), expect(dead_code, reason = "the text does not repeat the command"))]
    verb: Verb,
    bpffs: PathBuf,
    keep_going: bool,
    objects: Vec<(&'static Object, Outcome)>,
    /// What kept the program from beginning.
    refused: Option<String>,
}

impl Report {
    pub(crate) fn new(verb: Verb, options: &Options, objects: &[&'static Object]) -> Self {
        Self {
            verb,
            bpffs: options.bpffs.clone(),
            keep_going: options.keep_going,
            objects: objects.iter().map(|object| (*object, Outcome::NotTried)).collect(),
            refused: None,
        }
    }

    pub(crate) fn set(&mut self, index: usize, outcome: Outcome) {
        if let Some((_, slot)) = self.objects.get_mut(index) {
            *slot = outcome;
        }
    }

    /// Nothing was tried, because of this.
    pub(crate) fn refuse(&mut self, error: &Error) {
        self.refused = Some(error.to_string());
    }

    /// Errors to standard error, the rest to standard output.
    pub(crate) fn print(&self, json: bool) -> ExitCode {
        let mut stdout = io::stdout().lock();
        // Should nobody read it, the exit code has to do.
        #[cfg(feature = "json")]
        if json {
            let _ = writeln!(stdout, "{}", json::report(self));
        }
        if !json {
            let _ = text::report(self, &mut stdout);
        }
        let _ = stdout.flush();
        if let Some(message) = &self.refused {
            journal::error(message);
        }
        for (_, outcome) in &self.objects {
            if let Outcome::Failed(error) = outcome {
                journal::error(&error.to_string());
            }
        }
        ExitCode::from(self.code())
    }

    /// Whether all went well.
    #[cfg(feature = "hold")]
    pub(crate) fn is_good(&self) -> bool {
        self.code() == 0
    }

    fn code(&self) -> u8 {
        let failed = self.objects.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)));
        let differs = self
            .objects
            .iter()
            .any(|(_, outcome)| matches!(outcome, Outcome::Shown(status) if !is_as_compiled(status)));
        match (failed, self.keep_going) {
            _ if self.refused.is_some() => 1,
            (false, _) if differs => 4,
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => 3,
        }
    }
}

/// Whether all of it is there, and is what this program would preload.
fn is_as_compiled(status: &Status) -> bool {
    status.state() == State::Complete && status.matches() == Some(Match::Same)
}
