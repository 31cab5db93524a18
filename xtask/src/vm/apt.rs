//! Debian packages of other releases than this machine's, fetched and unpacked beside the system.
//!
//! apt runs on a configuration of its own: sources, lists and cache lie in one folder below `target`, nothing
//! is installed, and the system's own state is only read.

use std::cell::OnceCell;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};

use super::mirror::{Mirror, Repository};
use crate::tool;

/// Where kernels are looked for, all at once; which suite holds a version changes over the years.
const SUITES: &str = "bullseye bookworm bookworm-backports trixie trixie-backports";
const SECURITY_SUITES: &str = "bullseye-security bookworm-security trixie-security";

pub(crate) struct Apt {
    folder: PathBuf,
    config: PathBuf,
    /// Set once the lists have been brought up to date.
    updated: OnceCell<()>,
}

impl Apt {
    /// Writes the private configuration.
    pub(crate) fn new(folder: PathBuf) -> Result<Self> {
        for program in ["apt-get", "apt-cache", "dpkg-deb"] {
            if tool::find(program).is_none() {
                bail!("{program} is missing: kernels are fetched as Debian packages (install apt and dpkg)");
            }
        }
        for name in ["lists/partial", "cache"] {
            fs::create_dir_all(folder.join(name))
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        let mirror = Mirror::configured()?;
        let mut sources = stanza(&mirror.archive, SUITES);
        if let Some(security) = &mirror.security {
            sources.push_str(&stanza(security, SECURITY_SUITES));
        }
        fs::write(folder.join("debian.sources"), sources)?;
        // Nothing counts as installed.
        fs::write(folder.join("status"), "")?;
        let config = folder.join("apt.conf");
        fs::write(&config, configuration(&folder))?;
        Ok(Self { folder, config, updated: OnceCell::new() })
    }

    /// The names of the packages that match.
    pub(crate) fn search(&self, pattern: &str) -> Result<Vec<String>> {
        self.update();
        let found = self.run("apt-cache", &["search", "--names-only", pattern], &self.folder)?;
        let names = found.lines().filter_map(|line| line.split_whitespace().next());
        Ok(names.map(str::to_owned).collect())
    }

    /// Fetches a package and unpacks it into a folder.
    pub(crate) fn unpack(&self, package: &str, into: &Path) -> Result<()> {
        self.update();
        let context = || format!("cannot fetch the Debian package {package}");
        let downloads = tempfile::tempdir_in(&self.folder)?;
        self.run("apt-get", &["download", package], downloads.path()).with_context(context)?;
        let file = fs::read_dir(downloads.path())?.next().with_context(context)??.path();
        fs::create_dir_all(into)?;
        tool::run(Command::new("dpkg-deb").arg("-x").arg(file).arg(into)).with_context(context)
    }

    /// A suite that is gone from the mirror must not keep us from the others, hence an error is only shown.
    fn update(&self) {
        self.updated.get_or_init(|| {
            eprintln!("fetching package lists");
            if let Err(error) = self.run("apt-get", &["update"], &self.folder) {
                eprintln!("warning: not all package lists could be fetched: {error:#}");
            }
        });
    }

    /// Runs a program of apt in a folder; an error holds its errors and leaves out the course of events.
    fn run(&self, program: &str, args: &[&str], folder: &Path) -> Result<String> {
        let mut command = Command::new(program);
        command.arg("-c").arg(&self.config).args(args).current_dir(folder).env("LC_ALL", "C");
        tool::output(&mut command).map_err(|error| {
            let text = error.to_string();
            let errors: Vec<&str> = text.lines().filter(|line| line.starts_with("E: ")).collect();
            if errors.is_empty() { error } else { anyhow!(errors.join("\n")) }
        })
    }
}

fn stanza(repository: &Repository, suites: &str) -> String {
    let mut stanza = format!("Types: deb\nURIs: {}\nSuites: {suites}\nComponents: main\n", repository.uri);
    // Only the lists of packages are of use here.
    stanza.push_str("Targets: Packages\n");
    if let Some(keys) = &repository.signed_by {
        // A whole key begins on the next line.
        let separator = if keys.starts_with('\n') { "" } else { " " };
        let _ = writeln!(stanza, "Signed-By:{separator}{keys}");
    }
    stanza + "\n"
}

fn configuration(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        r#"Dir::Etc::sourcelist "{folder}/debian.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::Lists "{folder}/lists";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";

APT::Architecture "amd64";
#clear APT::Architectures;
APT::Architectures {{ "amd64"; }};

// apt's own user may not reach this folder.
APT::Sandbox::User "root";

// A list that could not be fetched is an error, not a warning.
APT::Update::Error-Mode "any";

// The system's hooks are about the system's packages.
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"#
    )
}
