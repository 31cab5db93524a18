//! Keyrings of the tests' own.

use std::num::NonZeroI32;

use keyutils_raw::{Restriction, add_key, keyctl_join_session_keyring, keyctl_restrict_keyring};
use libtest_mimic::Failed;

/// The certificate of the key that has signed the objects (`cargo xtask sign`).
pub(crate) const SIGNER: &[u8] = include_bytes!("../../signed/signer.der");

/// The certificate of a key that has signed nothing.
pub(crate) const OTHER: &[u8] = include_bytes!("../../signed/other.der");

/// A session keyring that nobody has had before, for this thread and its children.
pub(crate) struct Session {
    serial: NonZeroI32,
}

impl Session {
    /// Leaves the session that there was, and puts certificates into the keyring of the new one.
    pub(crate) fn with(certificates: &[&[u8]]) -> Result<Self, Failed> {
        let failed = |error| Failed::from(format!("no keyring: {error}"));
        let serial = keyctl_join_session_keyring(None).map_err(failed)?;
        for certificate in certificates {
            // Without a description, the kernel takes the name and the identifier in the certificate.
            add_key("asymmetric", "", certificate, serial).map_err(failed)?;
        }
        Ok(Self { serial })
    }

    /// Lets nobody add another key.
    pub(crate) fn seal(&self) -> Result<(), Failed> {
        keyctl_restrict_keyring(self.serial, Restriction::AllLinks)
            .map_err(|error| format!("cannot seal the keyring: {error}"))?;
        match add_key("asymmetric", "", OTHER, self.serial) {
            Ok(_) => Err("a sealed keyring takes a key".into()),
            Err(_) => Ok(()),
        }
    }

    /// The number of the keyring, by which others can name it.
    pub(crate) fn serial(&self) -> i32 {
        self.serial.get()
    }
}
