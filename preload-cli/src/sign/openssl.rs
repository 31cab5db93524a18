//! The program `openssl`, version 3.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Signs a file: detached CMS in DER over SHA-256, of the message alone, without what the kernel has already, and with the signer named by
/// the key. That is what bpftool makes too.
pub(super) fn sign(message: &Path, key: &OsStr, certificate: &Path) -> Result<Vec<u8>> {
    let mut command = Command::new("openssl");
    command
        .args(["cms", "-sign", "-binary", "-noattr", "-nocerts", "-nosmimecap", "-keyid", "-md", "sha256"])
        .args(["-outform", "DER", "-in"])
        .arg(message)
        .arg("-signer")
        .arg(certificate)
        .arg("-inkey")
        .arg(key);
    // The terminal is there for a passphrase.
    match run(command.stdin(Stdio::inherit())) {
        Err(error) if error.to_string().contains("key does not match") => Err(error.context(format!(
            "{} is not the private key of the certificate {}",
            Path::new(key).display(),
            certificate.display()
        ))),
        result => result,
    }
}

/// Verifies a signature of a file. Who has issued the certificate does not matter: to a kernel, what is in its keyring is trusted.
pub(super) fn verify(message: &Path, cms: &[u8], certificate: &Path) -> Result<()> {
    let scratch = tempfile::NamedTempFile::new().context("cannot make a temporary file")?;
    std::fs::write(scratch.path(), cms).context("cannot write a temporary file")?;
    let mut command = Command::new("openssl");
    command
        .args(["cms", "-verify", "-binary", "-inform", "DER", "-noverify", "-nointern", "-out", "/dev/null"])
        .arg("-in")
        .arg(scratch.path())
        .arg("-content")
        .arg(message)
        .arg("-certfile")
        .arg(certificate);
    run(command.stdin(Stdio::null())).map(drop)
}

/// What it prints; what it complains about is the error.
fn run(command: &mut Command) -> Result<Vec<u8>> {
    let output = match command.output() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            bail!("openssl is missing; install it, or sign elsewhere: --message DIRECTORY")
        }
        output => output.context("cannot start openssl")?,
    };
    if output.status.success() {
        return Ok(output.stdout);
    }
    bail!("openssl: {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim())
}
