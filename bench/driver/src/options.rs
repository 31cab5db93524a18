//! The command line.

use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt as _};

pub(crate) const HELP: &str = "\
cargo xtask bench [OPTIONS] [CASE..]
  Compares loading, building and expanding with this project to the same with others, in
  turns, and prints medians, ratios and spread. As root: it loads into this kernel.
  CASE                a part of the names of the cases to run; all without any
  --only PART         run, builds or expansion; may be repeated; all without any
  --rounds N          turns for each case; by default as many as its length allows
  --json FILE         what was measured, in full
  --list              the cases
";

pub(crate) struct Options {
    cases: Vec<String>,
    only: Vec<String>,
    pub(crate) rounds: Option<usize>,
    pub(crate) json: Option<PathBuf>,
    pub(crate) list: bool,
}

impl Options {
    /// None when the help is asked for.
    pub(crate) fn parse() -> Result<Option<Self>, lexopt::Error> {
        let mut options = Self { cases: Vec::new(), only: Vec::new(), rounds: None, json: None, list: false };
        let mut parser = Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("only") => match parser.value()?.string()? {
                    part if ["run", "builds", "expansion"].contains(&part.as_str()) => {
                        options.only.push(part)
                    }
                    other => return Err(format!("there is no part `{other}`").into()),
                },
                Arg::Long("rounds") => options.rounds = Some(parser.value()?.parse()?),
                Arg::Long("json") => options.json = Some(parser.value()?.into()),
                Arg::Long("list") => options.list = true,
                Arg::Long("help") | Arg::Short('h') => return Ok(None),
                Arg::Value(case) => options.cases.push(case.string()?),
                _ => return Err(argument.unexpected()),
            }
        }
        Ok(Some(options))
    }

    pub(crate) fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == part)
    }

    pub(crate) fn wants_case(&self, name: &str) -> bool {
        self.cases.is_empty() || self.cases.iter().any(|part| name.contains(part.as_str()))
    }
}
