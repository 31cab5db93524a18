//! The signature file: what `bpf-preload sign` writes and the attribute's `signature` argument reads.
//!
//! What is signed is the *message* of a loader, see [`loader`](crate::loader): once for each [`Form`] that kernels verify,
//! as no signature of one form is taken for the other. The file holds, for both, the SHA-256 digest of the message and
//! the signature of it, and the digest of the object that the loader was made of, so that a file that belongs to another object or
//! another loader is found out where the binary is built, and not where it boots.
//!
//! The digests are no protection: whoever can change the file can change them. The kernel verifies the signature over the message
//! itself.

mod cms;
mod der;
mod file;

use std::fmt;

use crate::loader::{Form, Loader, sha256};

pub use file::SignatureError;

/// The most bytes that one CMS signature may have. bpftool takes no more; the kernel takes what one small allocation holds.
pub const MAX_CMS: usize = 4096;

/// The signatures of one object's loader, with what they belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    object: [u8; 32],
    hashed: Signed,
    bound: Signed,
}

/// One message and its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Signed {
    /// SHA-256 of the message.
    digest: [u8; 32],
    /// `SignedData` of CMS in DER, detached: it does not hold the message.
    cms: Vec<u8>,
}

impl Signature {
    /// Puts together what was signed: the bytes of the object file, its loader in both forms, the signature of each one's message.
    ///
    /// # Errors
    /// Where one of the signatures is no CMS `SignedData` in DER, or is longer than [`MAX_CMS`]. Whether it is one of the message,
    /// and by whom, is not looked at.
    pub fn new(
        object: &[u8],
        (hashed, hashed_cms): (&Loader, Vec<u8>),
        (bound, bound_cms): (&Loader, Vec<u8>),
    ) -> Result<Self, SignatureError> {
        Ok(Self {
            object: sha256(object),
            hashed: Signed::new(&hashed.message(Form::Hashed), hashed_cms, Form::Hashed)?,
            bound: Signed::new(&bound.message(Form::Bound), bound_cms, Form::Bound)?,
        })
    }

    /// The signature of one form's message: detached `SignedData` of CMS (RFC 5652) in DER, as `BPF_PROG_LOAD` takes it.
    pub fn cms(&self, form: Form) -> &[u8] {
        &self.of(form).cms
    }

    /// Whether this belongs to an object, by the bytes of its file.
    ///
    /// # Errors
    /// [`Mismatch::Object`].
    pub fn check_object(&self, object: &[u8]) -> Result<(), Mismatch> {
        if self.object == sha256(object) { Ok(()) } else { Err(Mismatch::Object) }
    }

    /// Whether this belongs to a loader, which is given in both forms.
    ///
    /// # Errors
    /// [`Mismatch::Loader`], with the first form whose message is another one.
    pub fn check(&self, hashed: &Loader, bound: &Loader) -> Result<(), Mismatch> {
        for (form, loader) in [(Form::Hashed, hashed), (Form::Bound, bound)] {
            if self.of(form).digest != sha256(&loader.message(form)) {
                return Err(Mismatch::Loader(form));
            }
        }
        Ok(())
    }

    fn of(&self, form: Form) -> &Signed {
        match form {
            Form::Hashed => &self.hashed,
            Form::Bound => &self.bound,
        }
    }
}

impl Signed {
    fn new(message: &[u8], cms: Vec<u8>, form: Form) -> Result<Self, SignatureError> {
        cms::check(&cms).map_err(|problem| SignatureError::Cms { form, problem })?;
        Ok(Self { digest: sha256(message), cms })
    }
}

/// How a signature does not belong to what it was given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mismatch {
    /// It is one of another object, or of this one before it was built again.
    Object,
    /// It is one of this object, but of another loader: other arguments that say what is loaded, or another version of this crate.
    Loader(Form),
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Object => {
                "the signature is not one of this object, which may have been built anew since; sign it again with `bpf-preload sign`"
            }
            Self::Loader(_) => {
                "the signature is one of this object, but not of what the attribute makes of it here: sign it again with the \
                 `bpf-preload` of this version, and tell it the arguments of the attribute that change what is loaded"
            }
        })
    }
}

impl std::error::Error for Mismatch {}
