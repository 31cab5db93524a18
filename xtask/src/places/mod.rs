//! `cargo xtask places`: what lies in `places/`, used as its users do, in virtual machines.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use lexopt::Parser;

use crate::tool;
use crate::vm::{Apt, Kernel, Machine, Store, boot, qemu, suite};

pub(crate) const HELP: &str = "\
places
  Makes an initramfs with initramfs-tools and one with dracut, each with what places/
  has for it and a preloader of two objects, boots them, and looks at the pins in the
  root file system behind them; then runs the units of places/systemd under the
  systemd of dracut's image: start, kill, restart, upgrade, stop. Before that it runs
  the preloader in a container on the kernel of the machine, with the capabilities that
  places/ names. Needs root and, on Debian: crun initramfs-tools-core dracut-core systemd
  kmod e2fsprogs util-linux binutils, and what `xtask vm` needs.
";

/// The kernel of the machines: the stable one of the systems whose tools make the images.
const KERNEL: &str = "6.12";
/// Chosen on the kernel's command line, not in the order of the program.
const LIST: &str = "bpf_preload_list=ringbuf,iterators";
/// One machine, from start to end.
const LIMIT: Duration = Duration::from_secs(600);

pub(crate) fn parse(parser: &mut Parser) -> Result<(), lexopt::Error> {
    parser.next()?.map_or(Ok(()), |arg| Err(arg.unexpected()))
}

pub(crate) fn run() -> Result<ExitCode> {
    let root = crate::workspace();
    let folder = root.join("target/vm");
    let apt = Apt::new(folder.join("apt"))?;
    let kernel = Store { folder: folder.join("kernels"), apt: &apt, update: false }.get(KERNEL)?;
    let work = folder.join("places");
    if work.exists() {
        fs::remove_dir_all(&work).with_context(|| format!("cannot empty {}", work.display()))?;
    }
    fs::create_dir_all(&work)?;
    let places = Places {
        qemu: qemu::find()?,
        modules: modules(&folder.join("kernels").join(KERNEL), &work)?,
        preloader: preloader(root, &folder.join("build"), &work)?,
        scripts: root.join("xtask/src/places"),
        folder: root.join("places"),
        kernel,
        work,
    };
    places.container()?;
    println!("container: the preloader needs the two capabilities it is given, and no more");
    let disk = places.disk()?;
    for tool in ["initramfs_tools", "dracut"] {
        let image = places.image(tool, tool, &[])?;
        places.look_behind(tool, &image, &disk)?;
        println!(
            "{tool}: two objects are preloaded before the root file system is mounted, and are there behind it"
        );
    }
    places.units()?;
    println!("systemd: the links are there through start, kill, restart and upgrade");
    Ok(ExitCode::SUCCESS)
}

/// What is needed to make an image and to boot it.
struct Places {
    qemu: PathBuf,
    kernel: Kernel,
    /// The folder of the kernel's modules, whose name is its release.
    modules: PathBuf,
    /// The binary.
    preloader: PathBuf,
    /// Beside this file.
    scripts: PathBuf,
    /// `places/`.
    folder: PathBuf,
    work: PathBuf,
}

impl Places {
    /// An initramfs, made by one of the scripts.
    fn image(&self, name: &str, script: &str, arguments: &[String]) -> Result<PathBuf> {
        let work = self.work.join(name);
        fs::create_dir_all(&work)?;
        let kernel = self.kernel.folder()?;
        let mut command = Command::new("unshare");
        command.args(["--mount", "bash"]).arg(self.scripts.join(script).with_extension("sh"));
        command.args([&self.modules, &kernel, &self.preloader, &work, &self.folder]).args(arguments);
        tool::run(&mut command).with_context(|| format!("cannot make an image with {script}"))?;
        Ok(work.join("image"))
    }

    /// The entry point of a container, on the kernel that runs here.
    fn container(&self) -> Result<()> {
        let work = self.work.join("container");
        fs::create_dir_all(&work)?;
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh"]).arg(self.scripts.join("container.sh")).args([&self.preloader, &work]);
        let output = tool::output(&mut command).context("cannot run a container (Debian package: crun)")?;
        let parts: Vec<&str> = ["with BPF and PERFMON:", "again:", "without PERFMON:", "end\n"]
            .iter()
            .scan(&*output, |rest, head| {
                let (before, behind) = rest.split_once(head)?;
                *rest = behind;
                Some(before)
            })
            .collect();
        let [_, both, again, one] = parts[..] else { bail!("the container says\n{output}") };
        ensure!(both.contains("exit 0") && both.contains("id name"), "the container says\n{output}");
        ensure!(again.contains("exit 0"), "the container says\n{output}");
        // Refused, for that reason, and nothing is left.
        ensure!(one.contains("lacks CAP_PERFMON") && !one.contains("exit 0"), "the container says\n{output}");
        ensure!(one.lines().last().is_some_and(|line| line.starts_with("exit ")), "left behind:\n{output}");
        Ok(())
    }

    /// A root file system that tells what it finds.
    fn disk(&self) -> Result<PathBuf> {
        let root = self.work.join("root");
        for folder in ["bin", "dev", "etc", "proc", "run", "sbin", "sys", "tmp"] {
            fs::create_dir_all(root.join(folder))?;
        }
        let Some(busybox) = tool::find("busybox") else {
            bail!("busybox is missing (Debian: busybox-static)")
        };
        fs::copy(busybox, root.join("bin/busybox"))?;
        fs::copy(self.scripts.join("root.sh"), root.join("sbin/init"))?;
        tool::run(Command::new("chmod").arg("755").arg(root.join("sbin/init")))?;
        let disk = self.work.join("disk");
        tool::run(Command::new("mke2fs").args(["-q", "-t", "ext4", "-d"]).arg(&root).arg(&disk).arg("32M"))?;
        Ok(disk)
    }

    fn boot(&self, name: &str, image: &Path, words: &str, disk: Option<&Path>) -> Result<(String, String)> {
        let image = fs::read(image).with_context(|| image.display().to_string())?;
        let machine = Machine { kernel: &self.kernel.image, image: &image, words, disk };
        let remains = boot(&self.qemu, &machine, &self.work.join(name).join("machine"), LIMIT)?;
        Ok((remains.output, remains.console))
    }

    fn look_behind(&self, name: &str, image: &Path, disk: &Path) -> Result<()> {
        let words = format!("root=/dev/vda rw init=/sbin/init {LIST}");
        let (output, console) = self.boot(name, image, &words, Some(disk))?;
        let told = || format!("{name}: the machine says\n{output}\nand on its console\n{console}");
        ensure!(output.ends_with("end\n"), told());
        // Made in the order of the list.
        let maps = ["ringbuf.rodata", "iterator.rodata"].map(|map| output.find(map));
        ensure!(maps[0].is_some() && maps[0] < maps[1], told());
        ensure!(output.contains("ringbuf\n"), told());
        Ok(())
    }

    fn units(&self) -> Result<()> {
        let upgrade = self.work.join("preloader.new");
        upgraded(&self.preloader, &upgrade)?;
        let include = |from: &Path, to: &str| ["--include".into(), from.display().to_string(), to.to_owned()];
        let units = self.folder.join("systemd");
        let arguments: Vec<String> = [
            include(&self.scripts.join("units.sh"), "/units.sh"),
            include(&self.scripts.join("check.service"), "/etc/systemd/system/check.service"),
            include(&units.join("preloader.service"), "/etc/systemd/system/preloader.service"),
            include(&units.join("preloader-hold.service"), "/etc/systemd/system/preloader-hold.service"),
            include(&upgrade, "/usr/sbin/preloader.new"),
        ]
        .concat();
        let tools = "bpftool cat cp grep head journalctl ls mv rm sleep systemctl touch tr wc";
        let arguments = [arguments, vec!["--install".into(), tools.into()]].concat();
        let image = self.image("systemd", "dracut", &arguments)?;
        let (output, console) = self.boot("systemd", &image, "rd.systemd.unit=check.service", None)?;
        for unit in ["preloader.service: good\n", "preloader-hold.service: good\n"] {
            ensure!(output.contains(unit), "the machine says\n{output}\nand on its console\n{console}");
        }
        Ok(())
    }
}

/// A copy of the kernel's modules, with the lists that its package makes when it is installed.
fn modules(kernel: &Path, work: &Path) -> Result<PathBuf> {
    let lists = ["usr/lib/modules", "lib/modules"].map(|folder| kernel.join(folder));
    let release = lists.iter().find_map(|folder| fs::read_dir(folder).ok()?.next()?.ok());
    let release = release.with_context(|| format!("no modules in {}", kernel.display()))?;
    let base = work.join("modules");
    let copy = base.join("lib/modules");
    fs::create_dir_all(&copy)?;
    tool::run(Command::new("cp").arg("-a").arg(release.path()).arg(&copy))?;
    tool::run(Command::new("depmod").arg("-b").arg(&base).arg(release.file_name()))?;
    Ok(copy.join(release.file_name()))
}

/// The example, without symbols.
fn preloader(root: &Path, target: &Path, work: &Path) -> Result<PathBuf> {
    let examples = suite::examples(root, target)?;
    let (_, built) =
        examples.iter().find(|(name, _)| name == "preloader").context("no example `preloader`")?;
    let stripped = work.join("preloader");
    tool::run(Command::new("strip").arg("-o").arg(&stripped).arg(built))?;
    Ok(stripped)
}

/// A preloader of another version: one whose object has another digest.
fn upgraded(preloader: &Path, upgrade: &Path) -> Result<()> {
    let plan = tool::output(Command::new(preloader).args(["plan", "--list", "iterators", "--json"]))?;
    let plan: serde_json::Value = serde_json::from_str(&plan)?;
    let digest = plan["objects"][0]["plan"]["digest"].as_str().context("no digest in the plan")?;
    let digest = u128::from_str_radix(digest, 16)?.to_le_bytes();
    let mut binary = fs::read(preloader)?;
    let places: Vec<usize> = binary
        .windows(digest.len())
        .enumerate()
        .filter(|(_, bytes)| *bytes == digest)
        .map(|(at, _)| at)
        .collect();
    let [place] = places[..] else { bail!("the digest is in the binary {} times", places.len()) };
    binary[place] ^= 1;
    fs::write(upgrade, binary)?;
    tool::run(Command::new("chmod").arg("755").arg(upgrade))
}
