//! What is likely to help against an error.

use super::{Error, ErrorKind, MemberProblem, Step};
use crate::sys::Errno;
use crate::sys::process::{self, Capabilities, Capability};

impl Error {
    /// What is likely to help.
    pub(super) fn advice(&self) -> Option<&'static str> {
        if self.details().hint.is_some() {
            return self.details().hint;
        }
        match self.details().kind {
            ErrorKind::System(Errno::EPERM) if self.call().is_some_and(|call| call.starts_with("BPF_")) => {
                Some(missing_privilege(self.details().step))
            }
            ErrorKind::System(Errno::EPERM | Errno::EACCES) if self.details().step == Step::Attach => {
                Some(missing_privilege(self.details().step))
            }
            ErrorKind::System(Errno::EPERM | Errno::EACCES) if self.details().text.is_none() => {
                Some("run as root, or as the owner of that directory")
            }
            ErrorKind::System(Errno::ENOSYS) if self.call().is_some_and(|call| call.starts_with("BPF_")) => {
                Some(
                    "the kernel was built without CONFIG_BPF_SYSCALL, or a filter of system calls forbids it",
                )
            }
            ErrorKind::System(Errno::ENOMEM) if self.details().step == Step::CreateMap => {
                Some("the map is larger than the memory there is for it")
            }
            ErrorKind::System(Errno::EROFS) => {
                Some("that bpffs is mounted read-only: remount it with `-o remount,rw`")
            }
            ErrorKind::System(Errno::EMFILE | Errno::ENFILE) => Some("raise the limits of open files"),
            ErrorKind::NotBpffs => {
                Some("mount one with `mount -t bpf bpf /sys/fs/bpf`, or call `bpffs::mount`")
            }
            ErrorKind::InvalidPath => Some("a path has 1 to 4095 bytes, none of them NUL"),
            ErrorKind::MissingConfig(_) => {
                Some("declare it `__weak` if the program can do without, or give it with `kconfig.set_text`")
            }
            ErrorKind::ConfigMismatch(_) => Some("declare the variable with the type of the option's values"),
            ErrorKind::Unresolved(_) => {
                Some("ask for it first (`bpf_core_field_exists` and the like), if the program can do without")
            }
            ErrorKind::BadMember { problem: MemberProblem::Missing, .. } => {
                Some("leave it out: set it to zero, or switch its program off before load")
            }
            ErrorKind::MissingSymbol(_) => {
                Some("declare it `__weak` and ask `bpf_ksym_exists` if the program can do without")
            }
            ErrorKind::SymbolMismatch(_) => Some("declare it as the kernel does"),
            ErrorKind::HiddenAddresses(_) => Some(
                "all addresses are 0 in /proc/kallsyms: set kernel.kptr_restrict to 0 or 1, and run as root",
            ),
            ErrorKind::NoTarget(target) => Some(match target.module {
                Some(module) if module != "vmlinux" => {
                    "load the module first; see /sys/kernel/btf for those that have types"
                }
                _ => "this kernel does not have it: see `bpftool btf dump file /sys/kernel/btf/vmlinux`",
            }),
            ErrorKind::Signature(problem) => Some(problem.advice()),
            ErrorKind::NoFunction(_) => Some(
                "functions that can be replaced are global, and neither `static` nor inlined (`__noinline`)",
            ),
            ErrorKind::NothingExtended => Some(
                "say it before load with `extend` or `extend_pinned`, or in the attribute: `extends = \"/sys/fs/bpf/..\"`",
            ),
            ErrorKind::NotLoaded => Some(
                "it was left out before load, by `set_autoload(false)` or a section name that starts with `?`",
            ),
            ErrorKind::NotAttached => Some(
                "call `attach` first; a program that you attach yourself: put its link into `links`, with \
                 `Program::link_from`",
            ),
            ErrorKind::AlreadyPreloaded => Some("call `unload` first"),
            ErrorKind::AlreadyPinned => {
                Some("unpin it first, or say with `Preload::existing` to keep or to replace it")
            }
            ErrorKind::DifferentlyPinned => Some("say with `Preload::existing` to replace it"),
            ErrorKind::Foreign => Some("remove it, or preload elsewhere"),
            ErrorKind::IncompatibleMap { .. } => {
                Some("unpin that map to have a new one made, or make the object want what it is")
            }
            _ => None,
        }
    }
}

/// Which capability is missing for bpf(2), in the order in which the kernel asks for them.
fn missing_privilege(step: Step) -> &'static str {
    let Ok(capabilities) = Capabilities::effective() else {
        return "run as root";
    };
    if process::in_user_namespace() {
        return "the process is in a user namespace, whose capabilities do not count for bpf(2): run as root outside, or \
                preload into a bpffs that was mounted for this namespace with `delegate_` options (Linux 6.9)";
    }
    if capabilities.has(Capability::SysAdmin) {
        return "the process has CAP_SYS_ADMIN, so it is the kernel that forbids it: lockdown, an LSM, or a program \
                type left out of its build";
    }
    if !capabilities.has(Capability::Bpf) {
        return "the process lacks CAP_BPF (and CAP_PERFMON for tracing programs): run as root";
    }
    if !capabilities.has(Capability::Perfmon) && matches!(step, Step::LoadProgram | Step::Attach) {
        return "the process lacks CAP_PERFMON: run as root";
    }
    "the process lacks CAP_SYS_ADMIN: run as root"
}
