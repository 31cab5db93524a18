//! BPF tokens: a process that is privileged in a user namespace only, and a bpffs that was mounted to let it load.

use std::io::{BufRead, BufReader, Write};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Stdio};

use libtest_mimic::Failed;
use rustix::fs::CWD;
use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, MoveMountFlags, fsconfig_create, fsconfig_set_string, fsmount,
    fsopen, move_mount,
};
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

use crate::child::Role;
use crate::harness::{Need, Outcome, Test, ensure};
use crate::objects::plain;
use crate::witness::{Bpffs, cat};

/// `BPF_TOKEN_CREATE` and the delegation options of bpffs.
const TOKEN: &[Need] = &[Need::Kernel(6, 9)];

pub(crate) const TESTS: &[Test] = &[
    Test { name: "features::tokens_in_a_user_namespace", needs: TOKEN, run: with_delegation },
    Test { name: "failures::no_token_without_delegation", needs: TOKEN, run: without_delegation },
];

fn with_delegation() -> Outcome {
    let (said, success) =
        in_user_namespace(&["delegate_cmds", "delegate_maps", "delegate_progs", "delegate_attachs"])?;
    ensure(success && said.starts_with("map 0\n"), || format!("not the numbered maps:\n{said}"))
}

/// The capabilities of a user namespace alone do not help.
fn without_delegation() -> Outcome {
    let (said, success) = in_user_namespace(&[])?;
    let expected = ["operation not permitted (EPERM)", "in a user namespace"];
    ensure(!success && expected.iter().all(|part| said.contains(part)), || said)
}

/// Lets a child in a user namespace of its own preload into a bpffs of its own, for which the options are set from outside, as
/// only the initial user namespace may. What it prints, and whether it ends well.
fn in_user_namespace(options: &[&str]) -> Result<(String, bool), Failed> {
    let place = Bpffs::mount()?;
    let mut command = Role::TokenClient.command(&["unshare", "-U", "-r", "-m"], &place)?;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("the child has no pipes".into());
    };
    let mut stdout = BufReader::new(stdout);
    if let Err(error) = delegate(child.id(), &mut stdout, stdin, options) {
        // The child says more than a pipe that has broken.
        let output = child.wait_with_output()?;
        return Err(format!("{:?}: {}", error.message(), String::from_utf8_lossy(&output.stderr)).into());
    }
    let mut said = String::new();
    std::io::Read::read_to_string(&mut stdout, &mut said)?;
    let output = child.wait_with_output()?;
    said += &String::from_utf8_lossy(&output.stderr);
    Ok((said, output.status.success()))
}

/// Takes the child's file system context, sets the options, and makes the file system.
fn delegate(
    child: u32,
    stdout: &mut BufReader<ChildStdout>,
    mut stdin: ChildStdin,
    options: &[&str],
) -> Result<(), Failed> {
    let mut line = String::new();
    stdout.read_line(&mut line)?;
    let context = line.trim().parse()?;
    let pid = i32::try_from(child).ok().and_then(Pid::from_raw).ok_or("a process id that is none")?;
    let process = pidfd_open(pid, PidfdFlags::empty())?;
    let context = pidfd_getfd(process, context, PidfdGetfdFlags::empty())?;
    for option in options {
        fsconfig_set_string(&context, *option, "any")?;
    }
    fsconfig_create(&context)?;
    stdin.write_all(b"go\n")?;
    Ok(())
}

/// The child: opens a file system context, waits until it is configured, mounts, preloads, and shows what it has preloaded.
pub(crate) fn client(place: &str) -> Result<(), Failed> {
    let context = fsopen("bpf", FsOpenFlags::FSOPEN_CLOEXEC)?;
    println!("{}", context.as_raw_fd());
    std::io::stdin().read_line(&mut String::new())?;
    let mount = fsmount(context, FsMountFlags::FSMOUNT_CLOEXEC, MountAttrFlags::empty())?;
    move_mount(mount, "", CWD, place, MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)?;
    plain::preload(place)?;
    print!("{}", cat(Path::new(place).join("plain/count_maps"))?);
    Ok(())
}
