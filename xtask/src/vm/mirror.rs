//! Which Debian mirror this machine is set up to use.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// A repository out of apt's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repository {
    pub(crate) uri: String,
    components: Vec<String>,
    /// The value of `Signed-By` as it stands there: paths, fingerprints or a whole key.
    pub(crate) signed_by: Option<String>,
}

/// Debian's two repositories.
pub(crate) struct Mirror {
    pub(crate) archive: Repository,
    pub(crate) security: Option<Repository>,
}

impl Mirror {
    /// Reads the configuration of apt below `/etc/apt`.
    pub(crate) fn configured() -> Result<Self> {
        let mut repositories = Vec::new();
        for path in files()? {
            // Others than root may not be allowed to read a file that holds a password.
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            repositories.extend(match path.extension().and_then(|extension| extension.to_str()) {
                Some("sources") => parse_stanzas(&text),
                _ => parse_lines(&text),
            });
        }
        let named = |name| repositories.iter().find(|repository| repository.is_debian(name)).cloned();
        let Some(archive) = named("debian") else {
            bail!("apt's configuration names no Debian mirror to fetch kernels from");
        };
        Ok(Self { archive, security: named("debian-security") })
    }
}

impl Repository {
    /// Mirrors keep the names `debian` and `debian-security`, be it as a folder or as a list of mirrors.
    fn is_debian(&self, name: &str) -> bool {
        let last = self.uri.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        last.trim_end_matches(".list") == name && self.components.iter().any(|component| component == "main")
    }
}

fn files() -> Result<Vec<PathBuf>> {
    let folder = Path::new("/etc/apt/sources.list.d");
    let mut parts = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder).context("cannot list apt's sources")? {
            parts.push(entry?.path());
        }
    }
    parts.retain(|path| {
        path.extension().is_some_and(|extension| extension == "list" || extension == "sources")
    });
    parts.sort();
    parts.insert(0, "/etc/apt/sources.list".into());
    Ok(parts)
}

/// One repository a line: `deb [option=value ...] URI SUITE COMPONENT...`.
fn parse_lines(text: &str) -> Vec<Repository> {
    text.lines().filter_map(parse_line).collect()
}

fn parse_line(line: &str) -> Option<Repository> {
    let line = line.split('#').next()?.trim();
    let rest = line.strip_prefix("deb")?;
    // Not `deb-src`.
    let rest = rest.strip_prefix(char::is_whitespace)?.trim_start();
    let (options, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => ("", rest),
    };
    let mut words = rest.split_whitespace().map(str::to_owned);
    let signed_by = options.split_whitespace().find_map(|option| option.strip_prefix("signed-by="));
    let uri = words.next()?;
    let _suite = words.next()?;
    Some(Repository { uri, components: words.collect(), signed_by: signed_by.map(str::to_owned) })
}

/// Stanzas of fields, as in `*.sources`.
fn parse_stanzas(text: &str) -> Vec<Repository> {
    let text: String =
        text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| [line.trim_end(), "\n"]).collect();
    text.split("\n\n").filter_map(parse_stanza).collect()
}

fn parse_stanza(stanza: &str) -> Option<Repository> {
    let field = |name: &str| {
        let mut lines = stanza.lines().skip_while(|line| {
            !line.split_once(':').is_some_and(|(field, _)| field.eq_ignore_ascii_case(name))
        });
        let mut value = lines.next()?.split_once(':')?.1.trim().to_owned();
        for line in lines.take_while(|line| line.starts_with([' ', '\t'])) {
            value.push('\n');
            value.push_str(line);
        }
        Some(value)
    };
    let words = |name| Some(field(name)?.split_whitespace().map(str::to_owned).collect::<Vec<_>>());

    let enabled = field("Enabled").is_none_or(|value| !value.eq_ignore_ascii_case("no"));
    if !enabled || !words("Types")?.iter().any(|word| word == "deb") {
        return None;
    }
    Some(Repository {
        uri: words("URIs")?.into_iter().next()?,
        components: words("Components").unwrap_or_default(),
        signed_by: field("Signed-By"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(uri: &str, components: &[&str], signed_by: Option<&str>) -> Repository {
        Repository {
            uri: uri.to_owned(),
            components: components.iter().map(ToString::to_string).collect(),
            signed_by: signed_by.map(str::to_owned),
        }
    }

    #[test]
    fn lines() {
        let text = "\
# deb http://off.example/debian bookworm main
deb http://mirror.example/debian bookworm main contrib # comment
deb-src http://mirror.example/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://other.example/debian-security bookworm-security main
";
        let expected = [
            repository("http://mirror.example/debian", &["main", "contrib"], None),
            repository("http://other.example/debian-security", &["main"], Some("/k.gpg")),
        ];
        assert_eq!(parse_lines(text), expected);
    }

    #[test]
    fn stanzas() {
        let text = "\
Types: deb deb-src
# in between
URIs: http://mirror.example/debian/
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
";
        let key = "\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc";
        assert_eq!(parse_stanzas(text), [repository("http://mirror.example/debian/", &["main"], Some(key))]);
    }

    #[test]
    fn only_debian_is_debian() {
        assert!(repository("http://mirror.example/debian/", &["main"], None).is_debian("debian"));
        assert!(
            repository("mirror+file:///etc/apt/mirrors/debian.list", &["main"], None).is_debian("debian")
        );
        assert!(!repository("http://mirror.example/debian-security", &["main"], None).is_debian("debian"));
        assert!(!repository("http://vendor.example/linux/debian", &["stable"], None).is_debian("debian"));
        assert!(!repository("http://vendor.example/debian/12/prod", &["main"], None).is_debian("debian"));
    }
}
