//! One object, by libbpf and by us: from the verdict on the file to what the kernel has of it.

mod loaded;
mod opened;
mod prepared;

use preload_object::{Choices, Object, Plan};

use crate::bpffs;
use crate::exceptions::{self, Verdict};
use crate::fixtures::Fixture;
use crate::libbpf::{self, Program};

/// How far an object could be compared, and why no further.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Depth {
    /// Loaded by both: what the kernel has is the same.
    Loaded,
    /// Linked by both to the same instructions; this kernel refuses the programs of both, with libbpf's words.
    Prepared(String),
    /// Read by both as the same maps and programs; this kernel refuses maps or types of both.
    Opened(String),
    /// Refused by both: our words, libbpf's words.
    Refused(String, String),
    /// Taken by one only, with the reason why that is right.
    Listed(Verdict, &'static str),
}

/// Anything but the same is an error.
pub(crate) fn compare(fixture: &Fixture) -> Result<Depth, String> {
    let listed = exceptions::of(fixture.name);
    if let Some((Verdict::Crash, reason)) = listed {
        return match Object::read(fixture.bytes) {
            Ok(_) => Err("libbpf crashes over it, and we take it".into()),
            Err(_) => Ok(Depth::Listed(Verdict::Crash, reason)),
        };
    }
    if let Some((Verdict::OursAlone, reason)) = listed {
        Object::read(fixture.bytes).map_err(|errors| errors.to_string())?;
        return Ok(Depth::Listed(Verdict::OursAlone, reason));
    }
    let depth = unlisted(fixture);
    match (depth, listed) {
        (Err(Difference::Verdict(verdict, _)), Some((expected, reason))) if verdict == expected => {
            Ok(Depth::Listed(verdict, reason))
        }
        (Err(Difference::Verdict(verdict, words)), _) => Err(format!("{verdict:?}: {words}")),
        (Err(Difference::Inside(words)), _) => Err(words),
        (Ok(depth), None) => Ok(depth),
        (Ok(depth), Some((expected, _))) => {
            Err(format!("listed as {expected:?}, but it is {depth:?}: take it off the list"))
        }
    }
}

enum Difference {
    /// One takes what the other refuses.
    Verdict(Verdict, String),
    /// Both take it for different things.
    Inside(String),
}

impl From<String> for Difference {
    fn from(words: String) -> Self {
        Self::Inside(words)
    }
}

fn unlisted(fixture: &Fixture) -> Result<Depth, Difference> {
    let ours = Object::read(fixture.bytes).map_err(|errors| errors.to_string());
    let theirs = libbpf::Object::open(fixture.object_name(), fixture.bytes);
    let (ours, mut theirs) = match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => (ours, theirs),
        (Ok(_), Err(theirs)) => return Err(Difference::Verdict(Verdict::OnlyOurs, theirs)),
        (Err(ours), Err(theirs)) => return Ok(Depth::Refused(ours, theirs)),
        // Much is noticed by libbpf only when it loads.
        (Err(ours), Ok(mut theirs)) => {
            let _bpffs = bpffs::Own::mount()?;
            return match theirs.load() {
                Ok(()) => Err(Difference::Verdict(Verdict::OnlyTheirs, ours)),
                Err(theirs) => Ok(Depth::Refused(ours, theirs)),
            };
        }
    };
    let plan = Plan::new(&ours, &Choices { object: fixture.object_name().into(), ..Choices::default() });
    opened::compare(&plan, &theirs)?;

    let prepared = {
        let _bpffs = bpffs::Own::mount()?;
        let prepared = theirs.prepare();
        if prepared.is_ok() {
            prepared::compare(&plan, &theirs)?;
        }
        drop(theirs);
        prepared
    };
    let loaded = loaded::compare(fixture, &plan)?;
    Ok(match (prepared, loaded) {
        (Ok(()), None) => Depth::Loaded,
        (Ok(()), Some(words)) => Depth::Prepared(words),
        (Err(words), _) => Depth::Opened(words),
    })
}

/// The program of this name. Their order may differ where two are one function: libbpf leaves that to its sorting.
fn named<'a>(programs: &'a [Program], name: &str) -> Result<&'a Program, String> {
    programs
        .iter()
        .find(|program| program.name == name)
        .ok_or_else(|| format!("libbpf has no program `{name}`"))
}

/// Fails with both unless they are equal.
fn equal<T: PartialEq + std::fmt::Debug>(what: &str, ours: &T, theirs: &T) -> Result<(), String> {
    if ours == theirs { Ok(()) } else { Err(format!("{what}:\n  ours   {ours:?}\n  libbpf {theirs:?}")) }
}
