//! The certificate: what the kernel does not look at before it takes its word.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail, ensure};
use x509_cert::der::{Decode, DecodePem};
use x509_cert::ext::pkix::{KeyUsage, SubjectKeyIdentifier};

/// A certificate that signatures can be made with.
pub(super) struct Certificate {
    path: PathBuf,
}

impl Certificate {
    /// Reads one in PEM or DER.
    ///
    /// Kernels up to 7.3 put expired certificates into a keyring, and those of keys that are for something else, and verify
    /// signatures with them. Whoever signs is the last who can refuse.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        check(&bytes).with_context(|| format!("the certificate {}", path.display()))?;
        Ok(Self { path: path.to_owned() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

fn check(bytes: &[u8]) -> Result<()> {
    let certificate = if bytes.starts_with(b"-----BEGIN") {
        x509_cert::Certificate::from_pem(bytes)
    } else {
        x509_cert::Certificate::from_der(bytes)
    };
    let certificate = certificate.context("is none that can be read (X.509, PEM or DER)")?;
    let certificate = certificate.tbs_certificate();

    let (now, validity) = (SystemTime::now(), certificate.validity());
    if now > validity.not_after.to_system_time() {
        bail!("has expired: it was valid until {}", validity.not_after);
    }
    if now < validity.not_before.to_system_time() {
        bail!("is not valid yet, but from {} on", validity.not_before);
    }
    let usage = certificate.get_extension::<KeyUsage>().context("has a key usage that cannot be read")?;
    ensure!(
        usage.is_none_or(|(_, usage)| usage.digital_signature()),
        "is not for signing: its key usage leaves out digitalSignature"
    );
    let identifier = certificate.get_extension::<SubjectKeyIdentifier>();
    ensure!(
        identifier.context("has a subject key identifier that cannot be read")?.is_some(),
        "has no subject key identifier, by which the kernel finds the key; make one with it (openssl: `subjectKeyIdentifier=hash`)"
    );
    Ok(())
}
