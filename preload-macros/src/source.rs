//! From the path in the attribute to the bytes of the object: the path rule, and one read.
//!
//! A path is looked for in three places, the first file wins: beside the source file (as with
//! `include_bytes!`), in the package root, in `OUT_DIR` (for objects that a build script makes). An absolute
//! path is taken as it is only if it lies in `OUT_DIR`; any other would work on one machine only.
//!
//! The compiler can watch only a file that is there: one that appears later in an earlier place counts from
//! the next compilation on.

use std::env;
use std::fs;
use std::io;
use std::path::{self, Path, PathBuf};

use proc_macro2::Literal;
use syn::LitStr;

use crate::ctxt::Ctxt;

/// A file, read once.
pub(crate) struct Found {
    pub(crate) bytes: Vec<u8>,
    /// The path for `include_bytes!`, which makes the compiler watch the file: a full one. A relative path
    /// starts at the file of the outermost macro call, whatever span it has; the file that was read may lie
    /// beside another one, where the attribute comes out of a macro. No stable function tells the two apart.
    pub(crate) tracking: Literal,
}

/// The object file.
pub(crate) struct Source {
    pub(crate) file: Found,
    /// The name of the object: that of the file up to the first dot.
    pub(crate) object: String,
}

struct Candidate {
    place: &'static str,
    path: PathBuf,
}

impl Source {
    /// Nothing when no file can be read, which is reported with all that was tried.
    pub(crate) fn read(ctxt: &Ctxt, literal: &LitStr) -> Option<Self> {
        let text = literal.value();
        let object = object_name(&text);
        if object.is_empty() {
            ctxt.error(
                literal.span(),
                "this is not the path of a file; give that of the object, such as \"iterators.bpf.o\"",
            );
            return None;
        }
        let file = Found::read(ctxt, literal, "object", "build it first")?;
        Some(Self { file, object })
    }
}

impl Found {
    /// Nothing when no file can be read, which is reported with all that was tried, and with what may have been forgotten.
    pub(crate) fn read(ctxt: &Ctxt, literal: &LitStr, what: &str, first: &str) -> Option<Self> {
        let text = literal.value();
        if Path::new(&text).is_absolute()
            && out_dir().is_none_or(|out_dir| !Path::new(&text).starts_with(out_dir))
        {
            ctxt.error(
                literal.span(),
                "an absolute path works on one machine only; give one relative to this source file, to the package, or \
                 to OUT_DIR",
            );
            return None;
        }

        let mut tried = String::new();
        for candidate in candidates(literal, &text) {
            let Candidate { place, path } = candidate;
            match read(&path) {
                Ok((bytes, full)) => return Some(Self { bytes, tracking: Literal::string(&full) }),
                Err(error) => tried += &format!("\n  {} ({place}): {error}", shown(&path).display()),
            }
        }
        ctxt.error(
            literal.span(),
            format_args!(
                "the {what} \"{text}\" cannot be read; {first}, or give its path relative to this source file, to \
                 the package or to OUT_DIR; tried:{tried}"
            ),
        );
        None
    }
}

/// The bytes of a file, and its full path as a string literal can hold it.
fn read(path: &Path) -> io::Result<(Vec<u8>, String)> {
    let bytes = fs::read(path)?;
    // Not the canonical path: where a symlink is made to lead elsewhere, that is a change of the object.
    let full = path::absolute(path)?.into_os_string().into_string();
    let full = full.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "its full path is not UTF-8"))?;
    Ok((bytes, full))
}

/// As the compiler shows paths: relative to its working directory, where that is possible.
fn shown(path: &Path) -> &Path {
    env::current_dir().ok().and_then(|directory| path.strip_prefix(directory).ok()).unwrap_or(path)
}

fn candidates(literal: &LitStr, text: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    // Relative to the compiler's working directory; unknown before rustc 1.88 and to some editors.
    if let Some(file) = literal.span().local_file() {
        if let Some(directory) = file.parent() {
            found.push(Candidate { place: "beside the source file", path: directory.join(text) });
        }
    }
    if let Some(root) = env::var_os("CARGO_MANIFEST_DIR") {
        found.push(Candidate { place: "package root", path: Path::new(&root).join(text) });
    }
    if let Some(out_dir) = out_dir() {
        found.push(Candidate { place: "OUT_DIR", path: out_dir.join(text) });
    }
    found
}

fn out_dir() -> Option<PathBuf> {
    env::var_os("OUT_DIR").map(PathBuf::from)
}

/// libbpf's rule: the file name up to its first dot. Other characters than those of an identifier become `_`.
fn object_name(path: &str) -> String {
    let file = Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    stem.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_called_as_libbpf_calls_it() {
        assert_eq!(object_name("iterators.bpf.o"), "iterators");
        assert_eq!(object_name("../a/my-object.v2.bpf.o"), "my_object");
        assert_eq!(object_name(".."), "");
        assert_eq!(object_name(""), "");
    }
}
