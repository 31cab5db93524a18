//! Keys that last for one run, and certificates of them that do not end while anyone could still run the tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::tool;

/// The certificate that goes with the signatures.
pub(super) const SIGNER: &str = "signer.der";

/// One of the same key that was valid in the year 2020.
const EXPIRED: &str = "signer_expired.der";

/// One of the same key for encryption.
const NOT_FOR_SIGNING: &str = "signer_not_for_signing.der";

/// One of another key, which has signed nothing.
const OTHER: &str = "other.der";

const FOR_SIGNING: &str = "critical,digitalSignature";

pub(super) struct Keys {
    folder: TempDir,
}

impl Keys {
    pub(super) fn make() -> Result<Self> {
        let keys = Self { folder: tempfile::tempdir()? };
        for path in [keys.signer(), keys.other()] {
            openssl(
                &["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
                |command| {
                    command.arg("-out").arg(path);
                },
            )?;
        }
        Ok(keys)
    }

    pub(super) fn signer(&self) -> PathBuf {
        self.folder.path().join("signer.key")
    }

    fn other(&self) -> PathBuf {
        self.folder.path().join("other.key")
    }

    /// Writes all certificates into a folder.
    pub(super) fn certificates(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let until = ["-days", "36500"];
        self.certificate(&self.signer(), &folder.join(SIGNER), FOR_SIGNING, &until)?;
        self.certificate(&self.other(), &folder.join(OTHER), FOR_SIGNING, &until)?;
        self.certificate(&self.signer(), &folder.join(NOT_FOR_SIGNING), "critical,keyEncipherment", &until)?;
        let over = ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"];
        self.certificate(&self.signer(), &folder.join(EXPIRED), FOR_SIGNING, &over)
    }

    /// By `openssl ca`, which is the command of version 3.0 that takes dates. It keeps books, here of no interest to anyone.
    fn certificate(&self, key: &Path, certificate: &Path, usage: &str, dates: &[&str]) -> Result<()> {
        let file = |name: &str| self.folder.path().join(name);
        let name = certificate.file_stem().unwrap_or_default().to_string_lossy();
        let books = self.folder.path().display();
        fs::write(
            file("configuration"),
            format!(
                "[ca]\ndefault_ca=all\n[all]\ndatabase={books}/index\nserial={books}/serial\nnew_certs_dir={books}\n\
                 default_md=sha256\npolicy=any\nx509_extensions=extensions\n[any]\ncommonName=supplied\n\
                 [extensions]\nbasicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\nkeyUsage={usage}\n"
            ),
        )?;
        fs::write(file("index"), "")?;
        fs::write(file("serial"), "01\n")?;
        openssl(&["req", "-new", "-subj", &format!("/CN=bpf-preload tests: {name}")], |command| {
            command.arg("-key").arg(key).arg("-out").arg(file("request"));
        })?;
        openssl(&["ca", "-selfsign", "-batch", "-notext"], |command| {
            command.args(dates).arg("-config").arg(file("configuration")).arg("-keyfile").arg(key);
            command.arg("-in").arg(file("request")).arg("-out").arg(file("certificate"));
        })?;
        openssl(&["x509", "-outform", "DER"], |command| {
            command.arg("-in").arg(file("certificate")).arg("-out").arg(certificate);
        })
    }
}

fn openssl(arguments: &[&str], more: impl FnOnce(&mut Command)) -> Result<()> {
    let mut command = Command::new("openssl");
    more(command.args(arguments));
    tool::run(&mut command).context("openssl (Debian package: openssl)")
}
