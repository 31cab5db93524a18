//! A process that preloads over and over while one of its system calls is watched: any call can be made to fail, or be the one
//! before which the process is killed.
//!
//! The kernel's own means do it: a seccomp filter stops the process at that system call alone, and its tracer (`ptrace`) answers
//! in the kernel's place. One process suffers hundreds of faults, so that emulated machines get through all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use libtest_mimic::Failed;
use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use preload_runtime::{Existing, Preload};
use rustix::process::{Resource, getppid, getrlimit, setrlimit};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

use crate::child::Role;
use crate::harness::{Outcome, ensure};
use crate::objects::Object;
use crate::witness::{Bpffs, Held};

/// A system call, by name and number.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    pub(crate) name: &'static str,
    number: i64,
}

macro_rules! calls {
    ($($name:ident = $number:ident,)*) => {
        &[$(Call { name: stringify!($name), number: libc::$number }),*]
    };
}

/// The system calls of the runtime; others are those of a process that starts, prints and ends.
pub(crate) const CALLS: &[Call] = calls! {
    bpf = SYS_bpf,
    capget = SYS_capget,
    close = SYS_close,
    fchmodat = SYS_fchmodat,
    fchownat = SYS_fchownat,
    fcntl = SYS_fcntl,
    flock = SYS_flock,
    fstatfs = SYS_fstatfs,
    getdents64 = SYS_getdents64,
    geteuid = SYS_geteuid,
    lseek = SYS_lseek,
    mkdirat = SYS_mkdirat,
    mmap = SYS_mmap,
    munmap = SYS_munmap,
    openat = SYS_openat,
    prlimit64 = SYS_prlimit64,
    read = SYS_read,
    readlinkat = SYS_readlinkat,
    renameat2 = SYS_renameat2,
    statx = SYS_statx,
    symlinkat = SYS_symlinkat,
    unlinkat = SYS_unlinkat,
};

/// What the victim calls before a preload, after it, and once it has let go of what came of it. The runtime does not.
const MARKER: i64 = libc::SYS_getppid;

/// What befalls one call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// It fails with this error.
    Error(i32),
    /// The process is killed before it.
    Kill,
}

/// How a preload ended.
#[derive(Debug)]
pub(crate) enum Ended {
    Well,
    /// With this message.
    Failed(String),
    Killed,
}

/// What was seen of one preload.
pub(crate) struct Run {
    pub(crate) ended: Ended,
    /// How often the watched call was made.
    pub(crate) calls: usize,
    /// The BPF objects that the victim held when the fault came.
    pub(crate) held: BTreeSet<Held>,
}

pub(crate) struct Victim {
    process: Child,
    pid: Pid,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    call: Call,
    /// Open descriptors between two preloads.
    descriptors: usize,
}

impl Victim {
    /// Starts a process that preloads an object in a bpffs, in the place of what is there.
    pub(crate) fn start(bpffs: &Bpffs, object: &str, call: Call) -> Result<Self, Failed> {
        let mut command = Role::Suffer.command(&[], bpffs)?;
        command.arg(object).arg(call.number.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let pid = Pid::from_raw(i32::try_from(process.id())?);
        let orders = process.stdin.take().ok_or("no pipe")?;
        let answers = BufReader::new(process.stdout.take().ok_or("no pipe")?);
        let mut victim = Self { process, pid, orders, answers, call, descriptors: 0 };
        victim.answer()?;
        let options =
            Options::PTRACE_O_EXITKILL | Options::PTRACE_O_TRACESECCOMP | Options::PTRACE_O_TRACESYSGOOD;
        ptrace::seize(victim.pid, options)?;
        victim.descriptors = victim.open()?;
        Ok(victim)
    }

    /// One preload, in which a fault befalls the call of that number, the first one being 1.
    pub(crate) fn preload(&mut self, fault: Option<(usize, Fault)>) -> Result<Run, Failed> {
        let mut run = Run { ended: Ended::Well, calls: 0, held: BTreeSet::new() };
        self.order()?;
        while self.stop()? != MARKER {
            self.resume()?;
        }
        loop {
            self.resume()?;
            let call = self.stop()?;
            run.calls += usize::from(call != MARKER);
            match fault {
                Some((number, fault)) if number == run.calls && call != MARKER => {
                    run.held = Held::by_process(self.process.id())?;
                    match fault {
                        Fault::Error(errno) => self.fail(errno)?,
                        Fault::Kill => {
                            kill(self.pid, Signal::SIGKILL)?;
                            self.process.wait()?;
                            return Ok(Run { ended: Ended::Killed, ..run });
                        }
                    }
                }
                _ => {}
            }
            if call == MARKER {
                break;
            }
        }
        self.resume()?;
        while self.stop()? != MARKER {
            self.resume()?;
        }
        self.resume()?;
        let answer = self.answer()?;
        if answer != "ok" {
            run.ended = Ended::Failed(answer);
        }
        let open = self.open()?;
        ensure(open == self.descriptors, || {
            format!("{open} descriptors are open instead of {}", self.descriptors)
        })?;
        Ok(run)
    }

    /// Makes the call at which the victim stands fail.
    fn fail(&self, errno: i32) -> Outcome {
        let mut registers = ptrace::getregs(self.pid)?;
        if self.call.number == libc::SYS_close {
            // Whatever close(2) returns, the descriptor is gone: it is carried out, and the answer falsified.
            ptrace::syscall(self.pid, None)?;
            waitpid(self.pid, Some(WaitPidFlag::__WALL))?;
            registers = ptrace::getregs(self.pid)?;
        } else {
            // No call has that number: the kernel leaves it at the result that stands there already.
            registers.orig_rax = u64::MAX;
        }
        registers.rax = i64::from(-errno) as u64;
        Ok(ptrace::setregs(self.pid, registers)?)
    }

    /// Waits until the victim stands at a call that is watched; its number.
    fn stop(&self) -> Result<i64, Failed> {
        loop {
            match waitpid(self.pid, Some(WaitPidFlag::__WALL))? {
                WaitStatus::PtraceEvent(_, _, libc::PTRACE_EVENT_SECCOMP) => {
                    return Ok(ptrace::getregs(self.pid)?.orig_rax as i64);
                }
                WaitStatus::PtraceEvent(..) => self.resume()?,
                WaitStatus::Stopped(_, signal) => ptrace::cont(self.pid, signal)?,
                other => return Err(format!("the victim is gone: {other:?}").into()),
            }
        }
    }

    fn resume(&self) -> Outcome {
        Ok(ptrace::cont(self.pid, None)?)
    }

    fn order(&mut self) -> Outcome {
        Ok(self.orders.write_all(b"\n")?)
    }

    fn answer(&mut self) -> Result<String, Failed> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    fn open(&self) -> Result<usize, Failed> {
        Ok(fs::read_dir(format!("/proc/{}/fd", self.pid))?.count())
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn mark() {
    let _ = getppid();
}

/// The victim's part. It says that it is there, and preloads at each line that it is sent.
pub(crate) fn suffer(bpffs: &str, object: &Object) -> Outcome {
    let call = std::env::args().nth(2).ok_or("no system call named")?;
    println!("ready");
    let mut orders = std::io::stdin().lines();
    let locked_memory = getrlimit(Resource::Memlock);
    let watched = [call.parse()?, MARKER].map(|number| (number, Vec::new()));
    let filter = SeccompFilter::new(
        BTreeMap::from(watched),
        SeccompAction::Allow,
        SeccompAction::Trace(0),
        std::env::consts::ARCH.try_into()?,
    )?;
    let filter: BpfProgram = filter.try_into()?;
    let mut watching = false;
    while orders.next().is_some() {
        if !watching {
            // Not before the tracer is there: without one, the kernel refuses what is watched.
            apply_filter(&filter)?;
            watching = true;
        }
        // Old kernels make the runtime raise it, which only shows once.
        setrlimit(Resource::Memlock, locked_memory)?;
        let options = Preload::at(bpffs).existing(Existing::Replace).carry_maps(true);
        mark();
        let result = (object.preload)(options.mode(0o750, 0o640).owner(0, 0));
        mark();
        let answer = match &result {
            Ok(_) => "ok".to_owned(),
            Err(error) => error.to_string().replace('\n', " "),
        };
        drop(result);
        (object.unload)();
        mark();
        println!("{answer}");
    }
    Ok(())
}
