//! The bytes of a signature file.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `89 "BPFSIG"` and the version of what follows, 1 |
//! | 32 | SHA-256 of the object file |
//! | 32 | SHA-256 of the message of [`Form::Hashed`] |
//! | 32 | SHA-256 of the message of [`Form::Bound`] |
//! | 2 | length of the signature of [`Form::Hashed`], little-endian |
//! | 2 | length of the signature of [`Form::Bound`], little-endian |
//! | | the two signatures |
//!
//! Nothing may follow. There is one way to write what a file says, so equal signatures are equal files.

use std::fmt;

use super::{Signature, Signed, cms};
use crate::loader::Form;

/// What every version begins with. The first byte is none that text has.
const MAGIC: [u8; 7] = *b"\x89BPFSIG";

/// The version written here, and the only one there is.
const VERSION: u8 = 1;

impl Signature {
    /// The bytes of a file that holds this.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        bytes.extend(self.object);
        bytes.extend(self.hashed.digest);
        bytes.extend(self.bound.digest);
        for signed in [&self.hashed, &self.bound] {
            // `MAX_CMS` is the most there is.
            bytes.extend((signed.cms.len() as u16).to_le_bytes());
        }
        bytes.extend_from_slice(&self.hashed.cms);
        bytes.extend_from_slice(&self.bound.cms);
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) gives.
    ///
    /// # Errors
    /// For any other bytes; the error says what they are, if that can be told.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignatureError> {
        let mut rest = Rest(bytes.strip_prefix(&MAGIC).ok_or_else(|| not_one(bytes))?);
        let [version] = rest.array()?;
        if version != VERSION {
            return Err(SignatureError::Version(version));
        }
        let object = rest.array()?;
        let digests = [rest.array()?, rest.array()?];
        let lengths = [rest.array()?, rest.array()?].map(|length| usize::from(u16::from_le_bytes(length)));
        let mut signed = |form: Form| {
            let cms = rest.take(lengths[form as usize])?;
            cms::check(cms).map_err(|problem| SignatureError::Cms { form, problem })?;
            Ok(Signed { digest: digests[form as usize], cms: cms.to_vec() })
        };
        let (hashed, bound) = (signed(Form::Hashed)?, signed(Form::Bound)?);
        if rest.0.is_empty() { Ok(Self { object, hashed, bound }) } else { Err(SignatureError::TooLong) }
    }
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], SignatureError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(SignatureError::TooShort)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], SignatureError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(SignatureError::TooShort)?;
        self.0 = rest;
        Ok(*taken)
    }
}

fn not_one(bytes: &[u8]) -> SignatureError {
    if cms::check(bytes).is_ok() { SignatureError::Bare } else { SignatureError::Foreign }
}

/// Why bytes are no signature file, or cannot become one; `Display` says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureError {
    /// They do not begin as one.
    Foreign,
    /// They are one signature, without what it belongs to.
    Bare,
    /// A file of this version, which is not known here.
    Version(u8),
    /// They end too early.
    TooShort,
    /// Something follows.
    TooLong,
    /// What is in place of a signature is none that the kernel would read.
    Cms {
        /// Which one.
        form: Form,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => f.write_str("this is no signature file; `bpf-preload sign` writes one"),
            Self::Bare => f.write_str(
                "this is one bare CMS signature; `bpf-preload sign --signed-hashed FILE --signed-bound FILE` makes a signature file of two",
            ),
            Self::Version(version) => write!(
                f,
                "this is a signature file of version {version}, and version {VERSION} is known here; sign again with the `bpf-preload` of this version"
            ),
            Self::TooShort => f.write_str("the signature file is cut off; sign again with `bpf-preload sign`"),
            Self::TooLong => {
                f.write_str("something follows the end of the signature file; sign again with `bpf-preload sign`")
            }
            Self::Cms { form, problem } => {
                let (name, kernel) = match form {
                    Form::Hashed => ("hashed", "6.18"),
                    Form::Bound => ("bound", "7.3"),
                };
                write!(f, "the signature of the {name} form (Linux {kernel}) cannot be used: {problem}")
            }
        }
    }
}

impl std::error::Error for SignatureError {}
