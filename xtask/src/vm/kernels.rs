//! Kernel images out of Debian packages.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::apt::Apt;
use crate::files;

/// The kernels `all` stands for: the oldest that is still maintained, and one for every step of what it can
/// do.
pub(crate) const ALL: [&str; 5] = ["5.10", "6.1", "6.12", "6.18", "7.3"];

/// The build for virtual machines: small, and everything needed here is built in.
const PATTERN: &str = "^linux-(image|binary)-[0-9].*-cloud-amd64(-unsigned)?$";

/// Modules that tests use, none of which needs others: two that stand for modules of their kind, and what puts programs into
/// traffic control as actions.
const MODULES: [&str; 5] = ["tcp_bbr", "x_tables", "act_bpf", "cls_matchall", "sch_ingress"];

/// The file beside the unpacked content that tells the package's name.
const NAME: &str = "package";

#[derive(Clone)]
pub(crate) struct Kernel {
    /// As it was asked for.
    pub(crate) version: String,
    pub(crate) package: String,
    pub(crate) image: PathBuf,
    /// Its configuration, where the package has it.
    pub(crate) config: Option<PathBuf>,
    /// Modules to be loaded: names and files, some of them compressed.
    pub(crate) modules: Vec<(&'static str, PathBuf)>,
}

impl Kernel {
    /// Where its package is unpacked.
    pub(crate) fn folder(&self) -> Result<PathBuf> {
        let boot = self.image.ancestors().find(|folder| folder.ends_with("boot")).and_then(Path::parent);
        boot.map(Path::to_owned).with_context(|| format!("{} is not in /boot", self.image.display()))
    }
}

/// Keeps unpacked kernels between runs.
pub(crate) struct Store<'a> {
    pub(crate) folder: PathBuf,
    pub(crate) apt: &'a Apt,
    /// Whether to look for newer packages than the stored ones.
    pub(crate) update: bool,
}

impl Store<'_> {
    /// The newest kernel of a version such as `6.12`.
    pub(crate) fn get(&self, version: &str) -> Result<Kernel> {
        let folder = self.folder.join(version);
        let present = stored(&folder, version)?;
        if let (Some(kernel), false) = (&present, self.update) {
            return Ok(kernel.clone());
        }
        let names = self.apt.search(PATTERN)?;
        let packages = newest(version, &names);
        if packages.is_empty() {
            bail!("no Debian package holds a kernel {version}");
        }
        // Up to some version the image lies in `linux-image-*`, later that one only depends on its holder.
        for package in packages {
            if let Some(kernel) = present.as_ref().filter(|kernel| kernel.package == package) {
                return Ok(kernel.clone());
            }
            if let Some(kernel) = self.fetch(package, version, &folder)? {
                return Ok(kernel);
            }
        }
        bail!("the packages for kernel {version} hold no image")
    }

    /// Puts the content of a package in the place of what is stored, if it holds an image.
    fn fetch(&self, package: &str, version: &str, folder: &Path) -> Result<Option<Kernel>> {
        eprintln!("fetching {package}");
        fs::create_dir_all(&self.folder).context("cannot create the folder of the kernels")?;
        let scratch = tempfile::tempdir_in(&self.folder)?;
        self.apt.unpack(package, scratch.path())?;
        if let Some(modules) = modules_of(package) {
            self.apt.unpack(&modules, scratch.path())?;
        }
        fs::write(scratch.path().join(NAME), package)?;
        if stored(scratch.path(), version)?.is_none() {
            return Ok(None);
        }
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        fs::rename(scratch.keep(), folder).context("cannot store the kernel")?;
        stored(folder, version)
    }
}

fn stored(folder: &Path, version: &str) -> Result<Option<Kernel>> {
    let Ok(package) = fs::read_to_string(folder.join(NAME)) else {
        return Ok(None);
    };
    let image = files::walk(folder, &|name| name.starts_with("vmlinuz"))?.into_iter().next();
    let config = files::walk(folder, &|name| name.starts_with("config-"))?.into_iter().next();
    let mut modules = Vec::new();
    for name in MODULES {
        let file = format!("{name}.ko");
        let found = files::walk(folder, &|name| name == file || name == format!("{file}.xz"))?;
        // What was stored without its modules is fetched again.
        let Some(path) = found.into_iter().next() else { return Ok(None) };
        modules.push((name, path));
    }
    Ok(image.map(|image| Kernel { version: version.to_owned(), package, image, config, modules }))
}

/// The package that holds the modules, where it is another one.
fn modules_of(package: &str) -> Option<String> {
    let rest = package.strip_prefix("linux-binary-")?;
    Some(format!("linux-modules-{}", rest.strip_suffix("-unsigned").unwrap_or(rest)))
}

/// The packages of the newest kernel that a request matches, the likeliest holder of the image first.
fn newest<'a>(request: &str, names: &'a [String]) -> Vec<&'a str> {
    let mut found: Vec<Package<'_>> = names
        .iter()
        .filter_map(|name| Package::parse(name))
        .filter(|package| package.matches(request))
        .collect();
    found.sort_by_cached_key(|package| (std::cmp::Reverse(numbers(package.version)), package.rank));
    let newest = found.first().map(|package| package.version);
    found.iter().take_while(|package| Some(package.version) == newest).map(|package| package.name).collect()
}

struct Package<'a> {
    name: &'a str,
    version: &'a str,
    rank: u32,
}

impl<'a> Package<'a> {
    fn parse(name: &'a str) -> Option<Self> {
        let rest = name.strip_prefix("linux-")?;
        let (rest, unsigned) = match rest.strip_suffix("-unsigned") {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let (kind, version) = rest.strip_suffix("-cloud-amd64")?.split_once('-')?;
        let rank = u32::from(kind != "binary") + 2 * u32::from(unsigned);
        // A name without the third number is of a package that only depends on the newest.
        (numbers(version).len() > 2).then_some(Self { name, version, rank })
    }

    fn matches(&self, request: &str) -> bool {
        self.version.strip_prefix(request).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    }
}

/// `6.12.90+deb12.1` as 6, 12, 90, 12, 1, which sorts as it should.
fn numbers(version: &str) -> Vec<u64> {
    version.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::{modules_of, newest};

    fn names() -> Vec<String> {
        [
            "linux-image-6.1-cloud-amd64",
            "linux-image-6.1.0-9-cloud-amd64",
            "linux-image-6.1.0-56-cloud-amd64",
            "linux-image-6.1.0-56-cloud-amd64-unsigned",
            "linux-image-6.1.0-0.deb11.52-cloud-amd64",
            "linux-image-6.12.94+deb12-cloud-amd64",
            "linux-image-6.12.117+deb12-cloud-amd64",
            "linux-image-7.3.4+deb13-cloud-amd64",
            "linux-binary-7.3.4+deb13-cloud-amd64",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    #[test]
    fn a_version_is_the_newest_of_its_series() {
        let names = names();
        let expected = ["linux-image-6.1.0-56-cloud-amd64", "linux-image-6.1.0-56-cloud-amd64-unsigned"];
        assert_eq!(newest("6.1", &names), expected);
        assert_eq!(newest("6.12", &names), ["linux-image-6.12.117+deb12-cloud-amd64"]);
        assert_eq!(newest("6.12.94", &names), ["linux-image-6.12.94+deb12-cloud-amd64"]);
        assert!(newest("6.2", &names).is_empty());
    }

    #[test]
    fn modules_may_lie_elsewhere() {
        assert_eq!(modules_of("linux-image-6.1.0-56-cloud-amd64"), None);
        let expected = Some("linux-modules-7.3.4+deb13-cloud-amd64");
        assert_eq!(modules_of("linux-binary-7.3.4+deb13-cloud-amd64").as_deref(), expected);
    }

    #[test]
    fn the_holder_of_the_image_comes_first() {
        let expected = ["linux-binary-7.3.4+deb13-cloud-amd64", "linux-image-7.3.4+deb13-cloud-amd64"];
        assert_eq!(newest("7.3", &names()), expected);
    }
}
