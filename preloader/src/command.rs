//! The command line of the program.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};
use preload_runtime::bpffs;

pub(crate) const HELP: &str = "\
Puts the eBPF objects that this program was built with into the kernel.

usage: PROGRAM [preload | unpin | status | plan] [OPTIONS]

  preload             load, attach and pin (also without a command)
  unpin               remove the pins
  status              print what is preloaded, and whether it is what this program
                      would preload
  plan                print what would be done; needs no privilege

  --list NAME,NAME    which objects, in this order; without it those of
                      bpf_preload_list= on the kernel's command line (preload
                      only), without that all
  --bpffs DIR         the directory of a bpffs to pin in (/sys/fs/bpf)
  --mount             mount a bpffs there, unless there is one
  --hold              pin in a bpffs that has no path, and stay until SIGTERM; see
                      the documentation of the crate `preloader`
  --existing WHAT     what to do with an object that is preloaded already:
                      refuse it (so it is without this option), keep it if it is
                      the same, replace it, update it: keep or replace it (so it
                      is with --hold)
  --carry-maps        when replacing: pinned maps keep what is in them
  --wait              wait for another preloader at the same place
  --keep-going        go on with the other objects after a failure
  --json              print one line of JSON
  --help              print this

exit codes: 0 done; 1 an object failed, those behind it were not tried; 2 wrong
command line, nothing was done; 3 an object failed, all others were tried; 4 what
is preloaded is not, or not all, of what this program would preload
";

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Preload,
    Unpin,
    Status,
    Plan,
}

impl Verb {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Preload => "preload",
            Self::Unpin => "unpin",
            Self::Status => "status",
            Self::Plan => "plan",
        }
    }
}

/// What to do with an object that is preloaded already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    Refuse,
    Keep,
    Replace,
    /// Keep the same, replace any other.
    Update,
}

pub(crate) enum Command {
    Help,
    Run(Verb, Options),
}

#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// As it was given.
    pub(crate) list: Option<String>,
    pub(crate) bpffs: PathBuf,
    pub(crate) mount: bool,
    pub(crate) hold: bool,
    pub(crate) existing: Existing,
    pub(crate) carry_maps: bool,
    pub(crate) wait: bool,
    pub(crate) keep_going: bool,
    pub(crate) json: bool,
}

impl Command {
    pub(crate) fn from_env() -> Result<Self, lexopt::Error> {
        Self::parse(Parser::from_env())
    }

    fn parse(mut parser: Parser) -> Result<Self, lexopt::Error> {
        let mut verb = None;
        let (mut place, mut existing) = (None, None);
        let mut options = Options {
            list: None,
            bpffs: bpffs::DEFAULT.into(),
            mount: false,
            hold: false,
            existing: Existing::Refuse,
            carry_maps: false,
            wait: false,
            keep_going: false,
            json: false,
        };
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("help") | Arg::Short('h') => return Ok(Self::Help),
                Arg::Long("list") => options.list = Some(parser.value()?.string()?),
                Arg::Long("bpffs") => place = Some(PathBuf::from(parser.value()?)),
                Arg::Long("mount") => options.mount = true,
                #[cfg(feature = "hold")]
                Arg::Long("hold") => options.hold = true,
                Arg::Long("existing") => existing = Some(self::existing(&parser.value()?)?),
                Arg::Long("carry-maps") => options.carry_maps = true,
                Arg::Long("wait") => options.wait = true,
                Arg::Long("keep-going") => options.keep_going = true,
                #[cfg(feature = "json")]
                Arg::Long("json") => options.json = true,
                Arg::Value(word) if verb.is_none() => verb = Some(self::verb(&word)?),
                _ => return Err(arg.unexpected()),
            }
        }
        let verb = verb.unwrap_or(Verb::Preload);
        if options.hold && (verb != Verb::Preload || options.mount || place.is_some()) {
            return Err("`--hold` is for preloading, and has a place of its own".into());
        }
        options.bpffs = place.unwrap_or(options.bpffs);
        let usual = if options.hold { Existing::Update } else { Existing::Refuse };
        options.existing = existing.unwrap_or(usual);
        Ok(Self::Run(verb, options))
    }
}

fn verb(word: &OsString) -> Result<Verb, lexopt::Error> {
    let known = [Verb::Preload, Verb::Unpin, Verb::Status, Verb::Plan];
    known.into_iter().find(|verb| *word == *verb.name()).ok_or_else(|| {
        format!("`{}` is no command; there are preload, unpin, status and plan", word.to_string_lossy())
            .into()
    })
}

fn existing(word: &OsString) -> Result<Existing, lexopt::Error> {
    match word.to_str() {
        Some("refuse") => Ok(Existing::Refuse),
        Some("keep") => Ok(Existing::Keep),
        Some("replace") => Ok(Existing::Replace),
        Some("update") => Ok(Existing::Update),
        _ => Err("`--existing` takes refuse, keep, replace or update".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<(Verb, Options), String> {
        match Command::parse(Parser::from_args(words)) {
            Ok(Command::Run(verb, options)) => Ok((verb, options)),
            Ok(Command::Help) => Err("help".into()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn without_words_all_is_preloaded() {
        let (verb, options) = parse(&[]).unwrap();
        assert_eq!((verb, options.list, options.existing), (Verb::Preload, None, Existing::Refuse));
        assert_eq!(options.bpffs, PathBuf::from("/sys/fs/bpf"));
    }

    #[test]
    fn options_stand_before_and_behind_the_command() {
        let (verb, options) =
            parse(&["--bpffs", "/b", "unpin", "--list=a,b", "--wait", "--existing", "keep"]).unwrap();
        assert_eq!((verb, options.list.as_deref(), options.wait), (Verb::Unpin, Some("a,b"), true));
        assert_eq!((options.bpffs, options.existing), (PathBuf::from("/b"), Existing::Keep));
    }

    #[cfg(feature = "hold")]
    #[test]
    fn holding_has_a_place_of_its_own() {
        let (_, options) = parse(&["--hold"]).unwrap();
        assert_eq!((options.hold, options.existing), (true, Existing::Update));
        assert_eq!(parse(&["--hold", "--existing", "keep"]).unwrap().1.existing, Existing::Keep);
        for words in [&["--hold", "--bpffs", "/b"][..], &["--mount", "--hold"], &["unpin", "--hold"]] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for words in [&["remove"][..], &["plan", "unpin"], &["--existing", "maybe"], &["--list"], &["-x"]] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }
}
