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
use core::fmt::{self, Write as _};

use crate::digits;
use crate::directory::Directory;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::path::CPath;
use crate::sys::Memory;

/// What every marker starts with: who, and the version of this format.
const HEAD: &[u8] = b"bpf-preload 1 ";
/// The name of the first marker, without its number.
const NAME: &str = "__preload";
/// The name of the pin of an old program, without its number.
const UNDO: &str = "__undo";
/// A symbolic link holds a path, whose limit is 4095 bytes; the rest is room for the last name.
const FULL: usize = 3800;
/// The most markers that are looked for: names for more pins than a plan can have.
const MOST: u32 = 1000;

/// A symbolic link is read into so much.
const TEXT: usize = 4096;

/// Identifies what was preloaded: the plan as it was compiled, and what was chosen before load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digest {
    /// Of the plan.
    pub(crate) plan: u128,
    /// Of what was chosen, the same for the same choices; none where that was not known any more.
    pub(crate) settings: Option<u64>,
}

/// As it is recorded: two words.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x} ", self.plan)?;
        match self.settings {
            Some(settings) => write!(f, "{settings:016x}"),
            None => f.write_str("-"),
        }
    }
}

fn name(number: u32) -> Result<CPath, ErrorKind> {
    let mut name = CPath::new(NAME)?;
    write!(name, "{number}").map_err(|_| ErrorKind::InvalidPath)?;
    Ok(name)
}

/// The name of the pin of a program that a link of the set had before, by the number of the link among the recorded names. It is
/// there while the set is being published.
pub(crate) fn undo(number: usize, step: Step) -> Result<CPath, Error> {
    let invalid = |kind| Error::new(step, kind);
    let mut name = CPath::new(UNDO).map_err(invalid)?;
    write!(name, "{number}").map_err(|_| invalid(ErrorKind::InvalidPath))?;
    Ok(name)
}

/// The number of the link whose old program has that name.
pub(crate) fn undo_number(name: &CStr) -> Option<usize> {
    digits::decimal(name.to_bytes().strip_prefix(UNDO.as_bytes())?).map(|number| number as usize)
}

/// Whether a name is one of the markers'.
pub(crate) fn is_marker(name: &CStr) -> bool {
    name.to_bytes().strip_prefix(NAME.as_bytes()).and_then(digits::decimal).is_some()
}

/// Marks a directory for the pins of these names, behind those that it was marked for before: how many markers it has now.
pub(crate) fn write<'n>(
    directory: &Directory,
    digest: Digest,
    before: u32,
    names: impl Iterator<Item = &'n str>,
) -> Result<u32, Error> {
    let invalid = |kind| Error::new(Step::Pin, kind);
    let head = || -> Result<CPath, ErrorKind> {
        let mut text = CPath::new("bpf-preload 1 ")?;
        write!(text, "{digest}").map_err(|_| ErrorKind::InvalidPath)?;
        Ok(text)
    };
    let mut number = before;
    let mut text = head().map_err(invalid)?;
    for entry in names {
        if text.as_bytes().len() > FULL {
            directory.symlink(name(number).map_err(invalid)?.as_c_str(), text.as_c_str())?;
            number += 1;
            text = head().map_err(invalid)?;
        }
        text.push(b"/").and_then(|()| text.push(entry.as_bytes())).map_err(invalid)?;
    }
    directory.symlink(name(number).map_err(invalid)?.as_c_str(), text.as_c_str())?;
    Ok(number + 1)
}

/// What the markers of a directory say.
pub(crate) struct Marker {
    pub(crate) digest: Digest,
    /// The names, each with a NUL behind.
    names: Memory,
    len: usize,
    /// How many symbolic links there are.
    links: u32,
}

impl Marker {
    /// Reads the markers of a directory; none when it is not one of ours.
    pub(crate) fn read(directory: &Directory, step: Step) -> Result<Option<Self>, Error> {
        let mut marker: Option<Self> = None;
        for number in 0..MOST {
            let name = name(number).map_err(|kind| Error::new(step, kind))?;
            let mut buffer = [0; TEXT];
            let text = directory.read_symlink(name.as_c_str(), &mut buffer, step)?;
            let Some((digest, names)) = text.and_then(parse) else { break };
            let marker = match &mut marker {
                Some(marker) => marker,
                None => marker.insert(Self::new(digest, step)?),
            };
            marker.links += 1;
            for name in names {
                marker.add(name);
            }
        }
        Ok(marker)
    }

    fn new(digest: Digest, step: Step) -> Result<Self, Error> {
        // Pages that no name is written to cost nothing.
        let names =
            Memory::zeroed(MOST as usize * TEXT).map_err(|errno| Error::system(step, Call::Mmap, errno))?;
        Ok(Self { digest, names, len: 0, links: 0 })
    }

    fn add(&mut self, name: &[u8]) {
        let end = self.len + name.len();
        // There is room for all that the links can hold. What is behind is zero already.
        if let Some(place) = self.names.bytes_mut().get_mut(self.len..end) {
            place.copy_from_slice(name);
            self.len = end + 1;
        }
    }

    /// The recorded names, in the order in which they were recorded.
    pub(crate) fn names(&self) -> impl Iterator<Item = &CStr> {
        let all = self.names.bytes().get(..self.len).unwrap_or_default();
        all.split_inclusive(|&byte| byte == 0).filter_map(|name| CStr::from_bytes_with_nul(name).ok())
    }

    /// Whether a name in the directory is one that the set has, be it that of a marker or of an old program.
    pub(crate) fn covers(&self, name: &CStr) -> bool {
        is_marker(name) || undo_number(name).is_some() || self.names().any(|recorded| recorded == name)
    }

    /// Removes the markers, the first one last.
    pub(crate) fn remove(&self, directory: &Directory) -> Result<(), Error> {
        (0..self.links).rev().try_for_each(|number| {
            let name = name(number).map_err(|kind| Error::new(Step::Unpin, kind))?;
            directory.unlink(name.as_c_str())
        })
    }
}

/// The digest and the names of a marker that is ours.
fn parse(text: &[u8]) -> Option<(Digest, impl Iterator<Item = &[u8]>)> {
    let mut parts = text.strip_prefix(HEAD)?.split(|&byte| byte == b'/');
    let head = parts.next()?;
    let blank = head.iter().position(|&byte| byte == b' ')?;
    let settings = match head.get(blank + 1..)? {
        b"-" => None,
        settings => Some(digits::hexadecimal(settings)?.try_into().ok()?),
    };
    Some((Digest { plan: digits::hexadecimal(head.get(..blank)?)?, settings }, parts))
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn a_marker_is_read_as_it_was_written() {
        for settings in [Some(16), None] {
            let digest = Digest { plan: 255, settings };
            let text = format!("bpf-preload 1 {digest}/a/b");
            let (read, names) = parse(text.as_bytes()).unwrap();
            assert_eq!(read, digest);
            assert_eq!(names.collect::<Vec<_>>(), [b"a", b"b"]);
        }
        assert!(parse(b"bpf-preload 2 ff 10").is_none());
        assert!(parse(b"something else").is_none());
    }

    #[test]
    fn a_marker_knows_the_names_of_its_set() {
        let mut marker = Marker::new(Digest { plan: 1, settings: None }, Step::Pin).unwrap();
        marker.add(b"link");
        marker.add(b"map");
        assert_eq!(marker.names().collect::<Vec<_>>(), [c"link", c"map"]);
        assert!(marker.covers(c"link") && marker.covers(c"__preload0"));
        assert!(!marker.covers(c"lin") && !marker.covers(c""));
    }

    #[test]
    fn names_of_markers_are_told_from_others() {
        assert!(is_marker(c"__preload0") && is_marker(c"__preload12"));
        assert_eq!(undo_number(undo(12, Step::Pin).unwrap().as_c_str()), Some(12));
        assert!([c"__undo", c"__undo+1", c"undo1"].into_iter().all(|name| undo_number(name).is_none()));
        assert!(!is_marker(c"__preload") && !is_marker(c"__preload0x") && !is_marker(c"preload0"));
    }
}
