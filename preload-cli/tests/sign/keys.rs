//! Keys and certificates as people have them, made by openssl in a directory of the test's own.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const FOR_SIGNING: &str = "keyUsage=critical,digitalSignature";
const WITH_IDENTIFIER: &str = "subjectKeyIdentifier=hash";

/// A directory with keys in it, and with whatever else a test writes.
pub(crate) struct Keys {
    directory: TempDir,
}

impl Keys {
    /// `signer` and `other` are in order, as `.key` and `.crt`.
    pub(crate) fn new() -> Self {
        let keys = Self { directory: tempfile::tempdir().unwrap() };
        keys.rsa("signer", &[WITH_IDENTIFIER, FOR_SIGNING]);
        keys.rsa("other", &[WITH_IDENTIFIER, FOR_SIGNING]);
        keys
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// A key of 2048 bits, and its certificate with these extensions.
    fn rsa(&self, name: &str, extensions: &[&str]) {
        self.make(name, &["rsa:2048"], extensions);
    }

    /// A key on the curve P-256.
    pub(crate) fn ecdsa(&self, name: &str) {
        self.make(name, &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], &[WITH_IDENTIFIER, FOR_SIGNING]);
    }

    /// For encryption only.
    pub(crate) fn not_for_signing(&self, name: &str) {
        self.rsa(name, &[WITH_IDENTIFIER, "keyUsage=critical,keyEncipherment"]);
    }

    /// Without what the kernel finds it by.
    pub(crate) fn without_identifier(&self, name: &str) {
        self.rsa(name, &["subjectKeyIdentifier=none", FOR_SIGNING]);
    }

    fn make(&self, name: &str, key: &[&str], extensions: &[&str]) {
        let extensions = extensions.iter().flat_map(|extension| ["-addext", extension]);
        let subject = format!("/CN={name}");
        self.openssl(&["req", "-x509", "-nodes", "-days", "2", "-subj", &subject, "-newkey"], |command| {
            command.args(key).args(extensions);
            command.arg("-keyout").arg(self.path(&format!("{name}.key")));
            command.arg("-out").arg(self.path(&format!("{name}.crt")));
        });
    }

    /// The certificate of `signer` as of a year that is over.
    pub(crate) fn expired(&self, name: &str) {
        let request = self.path("request");
        self.openssl(&["req", "-new", "-subj", "/CN=expired"], |command| {
            command.arg("-key").arg(self.path("signer.key")).arg("-out").arg(&request);
        });
        let (configuration, extensions) = (self.path("ca.conf"), self.path("extensions"));
        let files = self.directory.path().display();
        let lines = format!(
            "[ca]\ndefault_ca=all\n[all]\ndatabase={files}/index\nserial={files}/serial\nnew_certs_dir={files}\n\
             default_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n"
        );
        std::fs::write(&configuration, lines).unwrap();
        std::fs::write(self.path("index"), "").unwrap();
        std::fs::write(self.path("serial"), "01\n").unwrap();
        std::fs::write(&extensions, format!("{WITH_IDENTIFIER}\n{FOR_SIGNING}\n")).unwrap();
        let dates = ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"];
        self.openssl(&["ca", "-selfsign", "-batch", "-notext"], |command| {
            command.args(dates).arg("-config").arg(&configuration).arg("-extfile").arg(&extensions);
            command.arg("-keyfile").arg(self.path("signer.key")).arg("-in").arg(&request);
            command.arg("-out").arg(self.path(&format!("{name}.crt")));
        });
    }

    /// The same in DER, as `.key.der` and `.crt.der`.
    pub(crate) fn in_der(&self, name: &str) {
        for (what, file) in [("pkey", "key"), ("x509", "crt")] {
            self.openssl(&[what, "-outform", "DER"], |command| {
                command.arg("-in").arg(self.path(&format!("{name}.{file}")));
                command.arg("-out").arg(self.path(&format!("{name}.{file}.der")));
            });
        }
    }

    /// A signature that was made elsewhere.
    pub(crate) fn sign_elsewhere(&self, message: &Path, signature: &str, options: &[&str]) {
        self.openssl(&["cms", "-sign", "-binary", "-md", "sha256", "-outform", "DER"], |command| {
            command.args(options).arg("-in").arg(message).arg("-out").arg(self.path(signature));
            command.arg("-signer").arg(self.path("signer.crt")).arg("-inkey").arg(self.path("signer.key"));
        });
    }

    /// Whether openssl verifies a signature of a message.
    pub(crate) fn verifies(&self, message: &Path, cms: &[u8], signer: &str) -> bool {
        let signature = self.path("to_verify");
        std::fs::write(&signature, cms).unwrap();
        let mut command = Command::new("openssl");
        command.args(["cms", "-verify", "-binary", "-inform", "DER", "-noverify", "-out", "/dev/null"]);
        command.arg("-in").arg(signature).arg("-content").arg(message);
        command.arg("-certfile").arg(self.path(&format!("{signer}.crt")));
        command.output().unwrap().status.success()
    }

    fn openssl(&self, arguments: &[&str], more: impl FnOnce(&mut Command)) {
        let mut command = Command::new("openssl");
        command.args(arguments);
        more(&mut command);
        let output = command.output().expect("openssl is there (Debian package: openssl)");
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
