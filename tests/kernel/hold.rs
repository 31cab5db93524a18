//! `--hold`: a preloader whose pins have no path, and the service manager that keeps them; the test is the manager.

use std::fs;
use std::io::IoSliceMut;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use libtest_mimic::Failed;
use rustix::fs::{OFlags, fcntl_getfl};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::witness::{bpftool, built, cat, gone};

/// The objects have CO-RE relocations; mounts without a path are from 5.2.
const CO_RE: &[Need] = &[Need::Kernel(5, 17)];

pub(crate) const TESTS: &[Test] = &[
    Test { name: "hold::outlives_the_process_in_the_store", needs: CO_RE, run: outlives_the_process },
    Test { name: "hold::ends_with_the_process_without_a_store", needs: CO_RE, run: ends_with_the_process },
];

/// A service manager: a socket for notifications.
struct Manager {
    socket: UnixDatagram,
    directory: tempfile::TempDir,
}

impl Manager {
    fn new() -> Result<Self, Failed> {
        let directory = tempfile::tempdir()?;
        let socket = UnixDatagram::bind(directory.path().join("notify"))?;
        // Nothing hangs for ever if a process dies without a word.
        socket.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { socket, directory })
    }

    /// Starts a preloader, with what the store holds.
    fn start(&self, stored: Option<&OwnedFd>) -> Result<Running, Failed> {
        let mut command = Command::new("sh");
        let script = match stored {
            Some(_) => "exec 3<\"$0\"; LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=bpffs exec \"$@\"",
            None => "exec \"$@\"",
        };
        let fd = stored.map_or(0, AsRawFd::as_raw_fd);
        command.args(["-c", script, &format!("/proc/{}/fd/{fd}", std::process::id())]);
        command.arg(built("preloader")?).args(["--hold", "--list", "iterators"]);
        command.env("NOTIFY_SOCKET", self.directory.path().join("notify"));
        let child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
        Ok(Running(child))
    }

    /// The next notification, with the descriptor that came with it.
    fn receive(&self) -> Result<(String, Option<OwnedFd>), Failed> {
        let mut text = [0; 256];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let message =
            recvmsg(&self.socket, &mut [IoSliceMut::new(&mut text)], &mut control, RecvFlags::CMSG_CLOEXEC)?;
        let fd = control.drain().find_map(|message| match message {
            RecvAncillaryMessage::ScmRights(mut fds) => fds.next(),
            _ => None,
        });
        Ok((String::from_utf8_lossy(&text[..message.bytes]).into_owned(), fd))
    }

    /// Waits until all is in place.
    fn ready(&self) -> Outcome {
        let (text, _) = self.receive()?;
        ensure(text.contains("READY=1"), || format!("not ready, but {text}"))
    }
}

/// Killed when the test is over.
struct Running(Child);

impl Running {
    fn signal(mut self, signal: Signal) -> Result<Option<i32>, Failed> {
        kill_process(Pid::from_child(&self.0), signal)?;
        Ok(self.0.wait()?.code())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The link pinned in a bpffs that has no path but this.
fn pinned_link(mount: &OwnedFd) -> Result<u32, Failed> {
    let path = format!("/proc/{}/fd/{}/iterators/dump_bpf_map", std::process::id(), mount.as_raw_fd());
    ensure(cat(&path)?.contains("iterator.rodata"), || "the iterator does not list its own map".into())?;
    crate::witness::pinned_id("link", path.as_ref())
}

fn outlives_the_process() -> Outcome {
    let manager = Manager::new()?;
    let first = manager.start(None)?;
    let (text, stored) = manager.receive()?;
    ensure(text.contains("FDSTORE=1") && text.contains("FDNAME=bpffs"), || {
        format!("nothing to store: {text}")
    })?;
    let stored = stored.ok_or("no descriptor to store")?;
    // systemd stores no descriptors of mere paths.
    ensure(!fcntl_getfl(&stored)?.contains(OFlags::PATH), || "the descriptor is one of a path".into())?;
    manager.ready()?;
    let link = pinned_link(&stored)?;
    // No path leads there.
    let mounts = fs::read_to_string(format!("/proc/{}/mountinfo", first.0.id()))?;
    ensure(!mounts.contains("/proc/self/fd"), || mounts.clone())?;
    first.signal(Signal::KILL)?;
    equal(pinned_link(&stored)?, link, "the link after its process was killed")?;

    // The next process finds the same, and keeps it.
    let second = manager.start(Some(&stored))?;
    manager.ready()?;
    equal(pinned_link(&stored)?, link, "the link after a restart")?;
    equal(second.signal(Signal::TERM)?, Some(0), "the exit code after SIGTERM")?;
    equal(pinned_link(&stored)?, link, "the link after the end")?;
    drop(stored);
    gone("link", link)
}

fn ends_with_the_process() -> Outcome {
    let manager = Manager::new()?;
    let running = manager.start(None)?;
    let (_, mount) = manager.receive()?;
    manager.ready()?;
    let link = pinned_link(&mount.ok_or("no descriptor")?)?;
    ensure(bpftool("link")?.contains_key(&link), || "it goes before its process".into())?;
    equal(running.signal(Signal::TERM)?, Some(0), "the exit code")?;
    gone("link", link)
}
