//! Where to preload: places that are refused, and places that are unusual.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use preload_runtime::{Errno, ErrorKind, Existing, Match, Preload, Preloaded, State};
use rustix::mount::{MountFlags, mount_remount};

use super::refused;
use crate::child::Role;
use crate::harness::{Outcome, ensure, equal, read};
use crate::objects::plain;
use crate::witness::{Bpffs, run};

/// Nothing is given to the kernel where it could not be pinned.
pub(super) fn no_bpffs() -> Outcome {
    let directory = tempfile::tempdir()?;
    let log = tempfile::NamedTempFile::new()?;
    let path = log.path().to_str().ok_or("a path that is not UTF-8")?;
    let strace = ["strace", "-f", "-e", "trace=bpf,mkdirat,flock", "-o", path];
    let output = Role::Preload.command_at(&strace, directory.path())?.arg("plain").output()?;
    equal(output.status.code(), Some(1), "the exit code")?;
    let message = String::from_utf8(output.stderr)?;
    ensure(message.contains("not in a bpffs; mount one with"), || message)?;
    let calls = read(path)?;
    ensure(!calls.contains("bpf(") && !calls.contains("mkdirat("), || calls)?;
    equal(fs::read_dir(directory.path())?.count(), 0, "what is left")?;

    let error = refused(plain::Skel::preload(directory.path().join("absent")))?;
    equal(error.errno(), Some(Errno::ENOENT), "a place that is not there")
}

pub(super) fn read_only() -> Outcome {
    let bpffs = Bpffs::mount()?;
    drop(plain::Skel::preload(bpffs.path())?);
    mount_remount(bpffs.path(), MountFlags::RDONLY | MountFlags::BIND, "")?;
    let replace = || Preload::at(bpffs.path()).existing(Existing::Replace);
    let result = refused(plain::Skel::open().preload(replace()));
    let unpinned = refused(plain::unpin(bpffs.path()));
    let status = plain::status(bpffs.path())?;
    mount_remount(bpffs.path(), MountFlags::BIND, "")?;
    for error in [result?, unpinned?] {
        equal(error.errno(), Some(Errno::EROFS), "the error")?;
        ensure(error.to_string().contains("remount it"), || error.to_string())?;
    }
    equal(status.matches(), Some(Match::Same), "what is read")?;
    plain::unpin(bpffs.path())?;
    equal(bpffs.list("")?, Vec::new(), "what is left")
}

/// Modes, owners and delegation of the mount are not in the way of a root preloader; what it makes is its own.
pub(super) fn mount_options() -> Outcome {
    for options in ["mode=0555", "uid=12,gid=34", "delegate_cmds=any,delegate_progs=any"] {
        let bpffs = Bpffs::mount_with(options)?;
        drop(plain::Skel::preload(bpffs.path())?);
        let set = fs::metadata(bpffs.join("plain"))?;
        equal((set.uid(), set.permissions().mode() & 0o7777), (0, 0o700), options)?;
        plain::unpin(bpffs.path())?;
        equal(bpffs.list("")?, Vec::new(), options)?;
    }
    Ok(())
}

/// A bpffs that another mount namespace has at a path is not there in this one, and can be reached through procfs.
pub(super) fn mount_namespace() -> Outcome {
    let directory = tempfile::Builder::new().prefix("bpffs").tempdir()?;
    let script = "mount -t bpf bpf \"$0\" && echo ready && read line";
    let mut other = Command::new("unshare")
        .args(["-m", "sh", "-c", script])
        .arg(directory.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(other.stdout.take().ok_or("no pipe")?).read_line(&mut line)?;
    equal(line.as_str(), "ready\n", "the other namespace")?;
    let check = || -> Outcome {
        let error = refused(plain::Skel::preload(directory.path()))?;
        equal(error.kind(), ErrorKind::NotBpffs, "from here")?;
        let there = Path::new("/proc").join(other.id().to_string()).join("root");
        let there = there.join(directory.path().strip_prefix("/")?);
        drop(plain::Skel::preload(there.as_path())?);
        equal(plain::status(there.as_path())?.state(), State::Complete, "through procfs")?;
        Ok(plain::unpin(there.as_path())?)
    };
    let result = check();
    // It waits for a line, which the end of the pipe is as well.
    drop(other.stdin.take());
    other.wait()?;
    result
}

/// Symbolic links lead to the place, never out of it, and never to what would be made or removed.
pub(super) fn symbolic_links() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let outside = tempfile::tempdir()?;
    symlink(bpffs.path(), outside.path().join("in"))?;
    drop(plain::Skel::preload(outside.path().join("in"))?);
    equal(bpffs.list("")?, vec!["plain".to_owned()], "through a link")?;
    plain::unpin(outside.path().join("in"))?;

    symlink(outside.path(), bpffs.join("out"))?;
    let error = refused(plain::Skel::preload(bpffs.join("out")))?;
    equal(error.kind(), ErrorKind::NotBpffs, "a link that leads out")?;
    fs::remove_file(bpffs.join("out"))?;

    // What is under the names that a preload clears away is another's.
    fs::create_dir(bpffs.join("theirs"))?;
    for name in ["plain__new", "plain__old", "plain"] {
        symlink("theirs", bpffs.join(name))?;
        refused(plain::Skel::open().preload(Preload::at(bpffs.path()).existing(Existing::Replace)))?;
        equal(fs::read_link(bpffs.join(name))?.as_path(), Path::new("theirs"), name)?;
        fs::remove_file(bpffs.join(name))?;
    }
    equal(bpffs.list("")?, vec!["theirs".to_owned()], "what is left")
}

/// In a bpffs that everyone may write to, anyone can make what looks like a preload: it is not taken for one's own.
pub(super) fn made_by_another_user() -> Outcome {
    let bpffs = Bpffs::mount()?;
    drop(plain::Skel::preload(bpffs.path())?);
    let options = |existing| Preload::at(bpffs.path()).existing(existing);
    chown(bpffs.join("plain"), Some(4711), None)?;
    for existing in [Existing::Keep, Existing::Replace] {
        let error = refused(plain::Skel::open().preload(options(existing)))?;
        equal(error.kind(), ErrorKind::Foreign, "a set of another user")?;
        ensure(error.to_string().contains("belongs to another user"), || error.to_string())?;
    }
    equal(plain::status(bpffs.path())?.state(), State::Foreign, "a set of another user")?;

    // Whoever gives sets to that user says so.
    let replaced = plain::Skel::open().preload(options(Existing::Replace).owner(4711, 0))?;
    ensure(matches!(replaced, Preloaded::Replaced(_)), || format!("{replaced:?}"))?;
    drop(replaced);
    let kept = plain::Skel::open().preload(options(Existing::Keep).owner(4711, 0))?;
    ensure(matches!(kept, Preloaded::Kept), || format!("{kept:?}"))?;
    // Removing it does no harm, whoever made it.
    plain::unpin(bpffs.path())?;
    run(Command::new("test").arg("!").arg("-e").arg(bpffs.join("plain")))?;
    Ok(())
}
