//! What a machine's output says about the tests, believing nothing that is not there.

use std::collections::BTreeMap;

use super::qemu::Remains;

/// How one test came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Ok,
    Failed,
    /// With the reason, if one was given.
    Skipped(Option<String>),
}

/// The run of the suite in one machine.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) tests: BTreeMap<String, Verdict>,
    /// What kept the run from being whole, apart from failed tests.
    pub(crate) problem: Option<String>,
    /// The output between the markers, as far as it came.
    pub(crate) output: String,
    /// With what the work ended, if it did.
    pub(crate) code: Option<i32>,
}

impl Outcome {
    /// Judges how the machine came to its end; the tests are left out.
    pub(crate) fn of_machine(remains: &Remains, marker: &str) -> Self {
        let framed = Framed::find(&remains.output, marker);
        let problem = if let Some(panic) = remains.console.lines().find(|line| line.contains("Kernel panic"))
        {
            Some(panic.trim().to_owned())
        } else {
            let place = match framed {
                Framed { begun: false, .. } => "before the tests began",
                Framed { code: None, .. } => "before the tests ended",
                Framed { .. } => "while powering off",
            };
            match remains.status {
                None => Some(format!("time is up after {} s, {place}", remains.duration.as_secs())),
                Some(status) if !status.success() => {
                    Some(format!("QEMU: {status}, {place}\n{}", remains.complaint.trim_end()))
                }
                Some(_) if framed.code.is_none() => Some(format!("the machine went down {place}")),
                Some(_) => None,
            }
        };
        Self { problem, output: framed.text.to_owned(), code: framed.code, ..Self::default() }
    }

    /// Judges the tests as well.
    pub(crate) fn of_tests(remains: &Remains, marker: &str) -> Self {
        let mut outcome = Self::of_machine(remains, marker);
        outcome.tests = tests(&outcome.output);
        if outcome.problem.is_none() {
            outcome.problem = outcome.contradiction();
        }
        outcome
    }

    pub(crate) fn count(&self, matches: impl Fn(&Verdict) -> bool) -> usize {
        self.tests.values().filter(|verdict| matches(verdict)).count()
    }

    pub(crate) fn is_good(&self) -> bool {
        self.problem.is_none()
            && self.code == Some(0)
            && self.count(|verdict| *verdict == Verdict::Failed) == 0
    }

    /// Where the lines of the tests, the summary and the exit code do not tell the same story.
    fn contradiction(&self) -> Option<String> {
        let ok = self.count(|verdict| *verdict == Verdict::Ok);
        let failed = self.count(|verdict| *verdict == Verdict::Failed);
        let ignored = self.tests.len() - ok - failed;

        let Some(summary) = self.output.lines().rev().find(|line| line.starts_with("test result: ")) else {
            return Some("the tests gave no summary".to_owned());
        };
        let seen = format!(" {ok} passed; {failed} failed; {ignored} ignored;");
        if !summary.contains(&seen) {
            return Some(format!("the lines of the tests say{seen} their summary says {summary}"));
        }
        if self.tests.is_empty() {
            return Some("no test ran".to_owned());
        }
        match self.code {
            Some(0) if failed > 0 => Some("tests failed, but the exit code is 0".to_owned()),
            Some(code) if code != 0 && failed == 0 => {
                Some(format!("no test failed, but the exit code is {code}"))
            }
            _ => None,
        }
    }
}

/// The part of the output that belongs to the work.
struct Framed<'a> {
    begun: bool,
    text: &'a str,
    code: Option<i32>,
}

impl<'a> Framed<'a> {
    fn find(output: &'a str, marker: &str) -> Self {
        let Some((_, text)) = output.split_once(&format!("{marker} begin\n")) else {
            return Self { begun: false, text: "", code: None };
        };
        match text.split_once(&format!("\n{marker} end ")) {
            // Without the end of its line, the number may lack digits.
            Some((text, code)) => {
                let code = code.split_once('\n').and_then(|(code, _)| code.parse().ok());
                Self { begun: true, text, code }
            }
            None => Self { begun: true, text, code: None },
        }
    }
}

/// The lines `test NAME ... ok|FAILED|ignored`, with the reasons of the lines `skip NAME: REASON`.
fn tests(output: &str) -> BTreeMap<String, Verdict> {
    let mut tests = BTreeMap::new();
    let mut reasons = BTreeMap::new();
    // A test that writes something separates its name from its verdict.
    let mut pending = None;
    for line in output.lines() {
        if let Some((name, reason)) = line.strip_prefix("skip ").and_then(|rest| rest.split_once(": ")) {
            reasons.insert(name.trim(), reason.trim());
        } else if let Some((name, rest)) =
            line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... "))
        {
            pending = Some(name.trim());
            if let Some(verdict) = verdict(rest) {
                tests.insert(name.trim().to_owned(), verdict);
                pending = None;
            }
        } else if let (Some(name), Some(verdict)) = (pending, verdict(line)) {
            tests.insert(name.to_owned(), verdict);
            pending = None;
        }
    }
    for (name, verdict) in &mut tests {
        if let Verdict::Skipped(reason) = verdict {
            *reason = reasons.get(name.as_str()).map(ToString::to_string);
        }
    }
    tests
}

fn verdict(text: &str) -> Option<Verdict> {
    match text.trim() {
        "ok" => Some(Verdict::Ok),
        "FAILED" => Some(Verdict::Failed),
        "ignored" => Some(Verdict::Skipped(None)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;
    use std::time::Duration;

    use super::*;

    const GOOD: &str = "\
skip b::two: needs 6.1
skip other: was filtered out

running 3 tests
test a::one   ... ok
test b::two   ... ignored
test c::three ... a line of the test
ok

test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

";

    fn remains(output: &str, console: &str) -> Remains {
        Remains {
            status: Some(ExitStatus::from_raw(0)),
            complaint: String::new(),
            console: console.to_owned(),
            output: output.to_owned(),
            duration: Duration::from_secs(7),
        }
    }

    fn judge(tests: &str, end: &str) -> Outcome {
        Outcome::of_tests(&remains(&format!("noise\n@@ begin\n{tests}{end}"), ""), "@@")
    }

    #[track_caller]
    fn assert_problem(outcome: &Outcome, expected: &str) {
        assert!(!outcome.is_good());
        assert_eq!(outcome.problem.as_deref(), Some(expected));
    }

    #[test]
    fn a_whole_run_is_good() {
        let outcome = judge(GOOD, "\n@@ end 0\n");
        assert!(outcome.is_good(), "{outcome:?}");
        let skipped = Verdict::Skipped(Some("needs 6.1".to_owned()));
        let expected = [("a::one", Verdict::Ok), ("b::two", skipped), ("c::three", Verdict::Ok)];
        assert_eq!(outcome.tests, expected.map(|(name, verdict)| (name.to_owned(), verdict)).into());
    }

    #[test]
    fn a_failed_test_is_no_problem_but_bad() {
        let text = "test a ... FAILED\ntest result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured\n";
        let outcome = judge(text, "\n@@ end 101\n");
        assert!(!outcome.is_good());
        assert_eq!(outcome.problem, None);
        assert_problem(&judge(text, "\n@@ end 0\n"), "tests failed, but the exit code is 0");
    }

    #[test]
    fn what_is_missing_is_noticed() {
        assert_problem(&judge(GOOD, ""), "the machine went down before the tests ended");
        assert_problem(&judge(GOOD, "\n@@ end 0"), "the machine went down before the tests ended");
        assert_problem(&judge("test a ... ok\n", "\n@@ end 0\n"), "the tests gave no summary");
        let none = "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured\n";
        assert_problem(&judge(none, "\n@@ end 0\n"), "no test ran");
        let lost = "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured";
        assert_problem(
            &judge(lost, "\n@@ end 0\n"),
            &format!("the lines of the tests say 0 passed; 0 failed; 0 ignored; their summary says {lost}"),
        );
    }

    #[test]
    fn the_machine_is_judged_first() {
        let console = "[ 1.0] Kernel panic - not syncing: x\n";
        let whole = format!("@@ begin\n{GOOD}\n@@ end 0\n");
        let outcome = Outcome::of_tests(&remains(&whole, console), "@@");
        assert_problem(&outcome, "[ 1.0] Kernel panic - not syncing: x");

        let hung = Remains { status: None, ..remains("@@ begin\n", "") };
        assert_problem(&Outcome::of_tests(&hung, "@@"), "time is up after 7 s, before the tests ended");
        let silent = remains("", "");
        assert_problem(&Outcome::of_tests(&silent, "@@"), "the machine went down before the tests began");
    }
}
