//! All that was measured, and what could not be.

use crate::measure::Cost;
use crate::watch::Seen;

#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) conditions: Vec<(String, String)>,
    pub(crate) conditions_after: Vec<(String, String)>,
    pub(crate) runs: Vec<CaseOutcome>,
    pub(crate) builds: Vec<BuildOutcome>,
    pub(crate) expansions: Vec<ExpansionOutcome>,
}

pub(crate) struct CaseOutcome {
    pub(crate) name: String,
    pub(crate) describe: String,
    pub(crate) contestants: Vec<RunOutcome>,
}

/// One contestant in one case; costs of the same index are from the same turn.
pub(crate) struct RunOutcome {
    pub(crate) contestant: &'static str,
    /// Why there is nothing.
    pub(crate) missing: Option<String>,
    /// Bytes of the program.
    pub(crate) size: u64,
    pub(crate) costs: Vec<Cost>,
    pub(crate) seen: Vec<Seen>,
}

impl RunOutcome {
    /// Nothing yet.
    pub(crate) fn new(contestant: &'static str) -> Self {
        Self { contestant, missing: None, size: 0, costs: Vec::new(), seen: Vec::new() }
    }
}

/// The smallest crate that uses something.
pub(crate) struct BuildOutcome {
    pub(crate) name: &'static str,
    pub(crate) missing: Option<String>,
    /// All crates in its build, its own too.
    pub(crate) crates: usize,
    pub(crate) clean: Vec<Cost>,
    pub(crate) incremental: Vec<Cost>,
}

/// What the compiler takes for a crate with one module of ours; the first of a series has an attribute that does nothing.
pub(crate) struct ExpansionOutcome {
    pub(crate) name: String,
    pub(crate) missing: Option<String>,
    /// Bytes of the object.
    pub(crate) object: u64,
    pub(crate) programs: usize,
    /// Of a whole build.
    pub(crate) costs: Vec<Cost>,
    /// Of `cargo check`: the attribute, and all that the compiler does with what it gives but machine code and linking. Costs of
    /// the same index are from the same turn.
    pub(crate) checks: Vec<Cost>,
}
