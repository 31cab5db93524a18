//! One virtual machine from its start to its end.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::tool;

/// A panic restarts at once, which `-no-reboot` turns into an end; an oops is as bad as a panic. Only some of
/// Debian's kernels have the BPF LSM on by themselves. Lockdown is there but in no mode, so that BPF may
/// read.
const KERNEL_ARGUMENTS: &str = "console=ttyS0 quiet panic=-1 oops=panic lsm=lockdown,bpf";

/// The program, or the name of its package.
pub(crate) fn find() -> Result<PathBuf> {
    match tool::find("qemu-system-x86_64") {
        Some(path) => Ok(path),
        None => bail!("qemu-system-x86_64 is missing (Debian package: qemu-system-x86)"),
    }
}

/// What is left of a machine.
pub(crate) struct Remains {
    /// The end of QEMU itself; none if it was stopped because time was up.
    pub(crate) status: Option<ExitStatus>,
    /// What QEMU had to say.
    pub(crate) complaint: String,
    /// The console of the kernel.
    pub(crate) console: String,
    /// The second serial line.
    pub(crate) output: String,
    pub(crate) duration: Duration,
}

/// What a machine is started with.
pub(crate) struct Machine<'a> {
    pub(crate) kernel: &'a Path,
    /// The initramfs.
    pub(crate) image: &'a [u8],
    /// More words for the kernel.
    pub(crate) words: &'a str,
    /// A disk, which stays as it is whatever the machine writes.
    pub(crate) disk: Option<&'a Path>,
}

/// Boots a kernel and waits for the machine to power off. The folder receives all files of the machine.
pub(crate) fn boot(qemu: &Path, machine: &Machine<'_>, folder: &Path, limit: Duration) -> Result<Remains> {
    // What an earlier run left must not be taken for what this one wrote.
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let file = |name: &str| folder.join(name);
    fs::write(file("initramfs"), machine.image).context("cannot write the initramfs")?;

    let start = Instant::now();
    let mut command = Command::new(qemu);
    if let Some(disk) = machine.disk {
        command.arg("-drive").arg(format!("file={},if=virtio,format=raw,snapshot=on", disk.display()));
    }
    let mut child = command
        .current_dir(folder)
        .args(["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"])
        // One processor: with two, the emulation does not keep up with a kernel that patches its own code while the other runs it
        // (tracepoints that come and go all the time), and the kernel stops at an int3 that is gone already.
        .args(["-machine", "q35", "-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", "1024"])
        .args(["-serial", "file:console.log", "-serial", "file:output.log"])
        .arg("-kernel")
        .arg(machine.kernel)
        .args(["-initrd", "initramfs", "-append", &format!("{KERNEL_ARGUMENTS} {}", machine.words)])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(file("qemu.log"))?)
        .spawn()
        .with_context(|| format!("cannot start {}", qemu.display()))?;
    let status = wait(&mut child, start + limit)?;

    let text = |name: &str| -> String {
        let bytes = fs::read(file(name)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).replace('\r', "")
    };
    Ok(Remains {
        status,
        complaint: text("qemu.log"),
        console: text("console.log"),
        output: text("output.log"),
        duration: start.elapsed(),
    })
}

fn wait(child: &mut Child, deadline: Instant) -> Result<Option<ExitStatus>> {
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(50));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}
