//! What a set of pins says of itself: symbolic links in its directory that lead nowhere.
//!
//! ```text
//! __preload0 -> bpf-preload 1 DIGEST SETTINGS/NAME/NAME/..
//! __preload1 -> bpf-preload 1 DIGEST SETTINGS/NAME/..          where the names do not fit one link
//! ```
//!
//! The first is made before any pin and removed after the last one, so that a directory in any state between tells that it is
//! one of ours, and which names in it are.

use core::ffi::CStr;
use core::fmt::Write as _;

use crate::directory::Directory;
use crate::error::{Error, ErrorKind, Step};
use crate::path::CPath;

/// What every marker starts with: who, and the version of this format.
const HEAD: &[u8] = b"bpf-preload 1 ";
/// The name of the first marker, without its number.
const NAME: &str = "__preload";
/// A symbolic link holds a path, whose limit is 4095 bytes; the rest is room for the last name.
const FULL: usize = 3800;
/// The most markers that are looked for: names for more pins than a plan can have.
const MOST: u32 = 1000;

/// Identifies what was preloaded: the plan as it was compiled, and what was chosen before load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digest {
    /// Of the plan.
    pub(crate) plan: u128,
    /// Of what was chosen; the same for the same choices.
    pub(crate) settings: u64,
}

fn name(number: u32) -> Result<CPath, ErrorKind> {
    let mut name = CPath::new(NAME)?;
    write!(name, "{number}").map_err(|_| ErrorKind::InvalidPath)?;
    Ok(name)
}

/// Whether a name is one of the markers'.
pub(crate) fn is_marker(name: &CStr) -> bool {
    let number = name.to_bytes().strip_prefix(NAME.as_bytes());
    number.is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

/// Marks a new directory for the pins of these names.
pub(crate) fn write<'n>(
    directory: &Directory,
    digest: Digest,
    names: impl Iterator<Item = &'n str>,
) -> Result<(), Error> {
    let invalid = |kind| Error::new(Step::Pin, kind);
    let head = || -> Result<CPath, ErrorKind> {
        let mut text = CPath::new("bpf-preload 1 ")?;
        write!(text, "{:032x} {:016x}", digest.plan, digest.settings).map_err(|_| ErrorKind::InvalidPath)?;
        Ok(text)
    };
    let mut number = 0;
    let mut text = head().map_err(invalid)?;
    for entry in names {
        if text.as_bytes().len() > FULL {
            directory.symlink(name(number).map_err(invalid)?.as_c_str(), text.as_c_str())?;
            number += 1;
            text = head().map_err(invalid)?;
        }
        text.push(b"/").and_then(|()| text.push(entry.as_bytes())).map_err(invalid)?;
    }
    directory.symlink(name(number).map_err(invalid)?.as_c_str(), text.as_c_str())
}

/// What a directory is marked with; none when it is not one of ours.
pub(crate) fn read(directory: &Directory, step: Step) -> Result<Option<Digest>, Error> {
    let mut digest = None;
    each(directory, step, &mut |text| {
        digest = digest.or_else(|| parse(text));
        Ok(())
    })?;
    Ok(digest)
}

/// Shows all recorded names to `look`, until it returns an error.
pub(crate) fn names(
    directory: &Directory,
    step: Step,
    look: &mut dyn FnMut(&CStr) -> Result<(), Error>,
) -> Result<(), Error> {
    each(directory, step, &mut |text| {
        for entry in text.split(|&byte| byte == b'/').skip(1) {
            let entry = core::str::from_utf8(entry).map_err(|_| Error::new(step, ErrorKind::InvalidPath))?;
            look(CPath::new(entry).map_err(|kind| Error::new(step, kind))?.as_c_str())?;
        }
        Ok(())
    })
}

/// Removes the markers, the first one last.
pub(crate) fn remove(directory: &Directory) -> Result<(), Error> {
    let mut count = 0;
    each(directory, Step::Unpin, &mut |_| {
        count += 1;
        Ok(())
    })?;
    (0..count).rev().try_for_each(|number| {
        let name = name(number).map_err(|kind| Error::new(Step::Unpin, kind))?;
        directory.unlink(name.as_c_str())
    })
}

/// Shows the text of each marker that is ours.
fn each(
    directory: &Directory,
    step: Step,
    look: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    for number in 0..MOST {
        let name = name(number).map_err(|kind| Error::new(step, kind))?;
        let mut buffer = [0; 4096];
        match directory.read_symlink(name.as_c_str(), &mut buffer, step)? {
            Some(text) if text.starts_with(HEAD) => look(text)?,
            _ => break,
        }
    }
    Ok(())
}

fn parse(text: &[u8]) -> Option<Digest> {
    let fields = text.strip_prefix(HEAD)?.split(|&byte| byte == b'/').next()?;
    let fields = core::str::from_utf8(fields).ok()?;
    let (plan, settings) = fields.split_once(' ')?;
    Some(Digest {
        plan: u128::from_str_radix(plan, 16).ok()?,
        settings: u64::from_str_radix(settings, 16).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_read_as_it_was_written() {
        let text = b"bpf-preload 1 000000000000000000000000000000ff 0000000000000010/a/b";
        assert_eq!(parse(text), Some(Digest { plan: 255, settings: 16 }));
        assert_eq!(parse(b"bpf-preload 2 ff 10"), None);
        assert_eq!(parse(b"something else"), None);
    }

    #[test]
    fn names_of_markers_are_told_from_others() {
        assert!(is_marker(c"__preload0") && is_marker(c"__preload12"));
        assert!(!is_marker(c"__preload") && !is_marker(c"__preload0x") && !is_marker(c"preload0"));
    }
}
