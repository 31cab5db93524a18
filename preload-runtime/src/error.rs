//! What went wrong, where, and what is likely to help.

use core::fmt;

use crate::path::CPath;
use crate::plan::{BtfTarget, Plan};
use crate::sys::process::{self, Capabilities, Capability};
use crate::sys::{Errno, Memory};

/// Lines of the verifier's log that `Display` shows; the reason is at its end, and takes up to 50 lines since 7.3.
const LOG_LINES: usize = 64;

/// What a runtime function was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Loading the object's type information.
    LoadBtf,
    /// Creating a map.
    CreateMap,
    /// Filling a data section.
    FillMap,
    /// Freezing a read-only data section.
    FreezeMap,
    /// Looking for a program's target in the kernel's type information.
    FindTarget,
    /// Loading a program.
    LoadProgram,
    /// Attaching a program.
    Attach,
    /// Pinning a link or a map.
    Pin,
    /// Removing a pin.
    Unpin,
    /// Looking at the place for pins, or mounting a bpffs there.
    Bpffs,
    /// Asking the kernel for the id of an object.
    Query,
    /// Putting a skeleton into the statics.
    Preload,
}

impl Step {
    fn describe(self) -> &'static str {
        match self {
            Self::LoadBtf => "loading type information",
            Self::CreateMap => "creating map",
            Self::FillMap => "filling map",
            Self::FreezeMap => "freezing map",
            Self::FindTarget => "looking for the target of program",
            Self::LoadProgram => "loading program",
            Self::Attach => "attaching program",
            Self::Pin => "pinning",
            Self::Unpin => "unpinning",
            Self::Bpffs => "preparing the place for pins",
            Self::Query => "asking for the id of",
            Self::Preload => "preloading",
        }
    }
}

/// The calls of the kernel's that are made, for bpf(2) the command.
#[derive(Clone, Copy)]
pub(crate) enum Call {
    BtfLoad,
    MapCreate,
    MapUpdateElem,
    MapFreeze,
    ProgLoad,
    LinkCreate,
    RawTracepointOpen,
    ObjPin,
    ObjGet,
    Flock,
    Symlink,
    Readlink,
    Getdents,
    Chmod,
    Chown,
    Statx,
    ObjGetInfoByFd,
    Open,
    Read,
    Lseek,
    Statfs,
    Mount,
    Mkdir,
    Rename,
    Unlink,
    Rmdir,
}

impl Call {
    fn name(self) -> &'static str {
        match self {
            Self::BtfLoad => "BPF_BTF_LOAD",
            Self::MapCreate => "BPF_MAP_CREATE",
            Self::MapUpdateElem => "BPF_MAP_UPDATE_ELEM",
            Self::MapFreeze => "BPF_MAP_FREEZE",
            Self::ProgLoad => "BPF_PROG_LOAD",
            Self::LinkCreate => "BPF_LINK_CREATE",
            Self::RawTracepointOpen => "BPF_RAW_TRACEPOINT_OPEN",
            Self::ObjPin => "BPF_OBJ_PIN",
            Self::ObjGetInfoByFd => "BPF_OBJ_GET_INFO_BY_FD",
            Self::ObjGet => "BPF_OBJ_GET",
            Self::Flock => "flock",
            Self::Symlink => "symlink",
            Self::Readlink => "readlink",
            Self::Getdents => "getdents64",
            Self::Chmod => "fchmodat",
            Self::Chown => "fchownat",
            Self::Statx => "statx",
            Self::Open => "open",
            Self::Read => "read",
            Self::Lseek => "lseek",
            Self::Statfs => "statfs",
            Self::Mount => "mount",
            Self::Mkdir => "mkdir",
            Self::Rename => "rename",
            Self::Unlink => "unlink",
            Self::Rmdir => "rmdir",
        }
    }
}

/// What went wrong in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The kernel refused a call.
    System(Errno),
    /// A path that no file can have: empty, longer than 4095 bytes, or with a NUL inside.
    InvalidPath,
    /// The place for pins is not in a bpffs.
    NotBpffs,
    /// The kernel's type information has no type of the name that the program is loaded against.
    NoTarget(&'static BtfTarget),
    /// The kernel's type information is not in a form that is known here.
    UnknownKernelBtf,
    /// The program was left out at load.
    NotLoaded,
    /// The program has no link.
    NotAttached,
    /// The statics hold a skeleton already.
    AlreadyPreloaded,
    /// The object is preloaded there already.
    AlreadyPinned,
    /// What is preloaded there is not the same, and was to be kept only if it was.
    DifferentlyPinned,
    /// Something there was not made by a preload of this crate.
    Foreign,
    /// A map that was to be carried over differs from that of the object.
    IncompatibleMap {
        /// In what they differ.
        field: MapField,
        /// What the pinned map has.
        pinned: u32,
        /// What the object wants.
        wanted: u32,
    },
}

/// A property in which two maps must agree if one is to take the place of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MapField {
    /// `enum bpf_map_type`.
    Type,
    /// Bytes of a key.
    KeySize,
    /// Bytes of a value.
    ValueSize,
    /// Number of entries.
    MaxEntries,
    /// `BPF_F_*` flags.
    Flags,
}

impl MapField {
    fn describe(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::KeySize => "key size",
            Self::ValueSize => "value size",
            Self::MaxEntries => "max_entries",
            Self::Flags => "flags",
        }
    }
}

/// Why an object could not be loaded, attached, pinned or unpinned.
///
/// `Display` is a message for a person at a console: what was being done, with what, what the kernel said, and what is
/// likely to help.
pub struct Error {
    step: Step,
    kind: ErrorKind,
    call: Option<Call>,
    plan: Option<&'static Plan>,
    item: Option<&'static str>,
    hint: Option<&'static str>,
    path: Option<Text>,
    log: Option<Text>,
}

/// Bytes in memory of their own: an error is rare, and there is no allocator to ask.
struct Text {
    memory: Memory,
    len: usize,
}

impl Text {
    fn copy(bytes: &[u8]) -> Option<Self> {
        let mut memory = Memory::zeroed(bytes.len().max(1)).ok()?;
        memory.bytes_mut().get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self { memory, len: bytes.len() })
    }

    fn bytes(&self) -> &[u8] {
        self.memory.bytes().get(..self.len).unwrap_or_default()
    }
}

impl Error {
    pub(crate) fn new(step: Step, kind: ErrorKind) -> Self {
        Self { step, kind, call: None, plan: None, item: None, hint: None, path: None, log: None }
    }

    /// A call of the kernel's that failed.
    pub(crate) fn system(step: Step, call: Call, errno: Errno) -> Self {
        Self { call: Some(call), ..Self::new(step, ErrorKind::System(errno)) }
    }

    pub(crate) fn of_object(mut self, plan: &'static Plan) -> Self {
        self.plan = Some(plan);
        self
    }

    pub(crate) fn with_item(mut self, item: &'static str) -> Self {
        self.item = Some(item);
        self
    }

    pub(crate) fn with_path(mut self, path: &CPath) -> Self {
        self.path = Text::copy(path.as_bytes());
        self
    }

    /// What is likely to help, where the step knows better than the error number.
    pub(crate) fn with_hint(mut self, hint: Option<&'static str>) -> Self {
        self.hint = hint;
        self
    }

    /// The log as the kernel left it, up to the first NUL.
    pub(crate) fn with_log(mut self, memory: Memory) -> Self {
        let len = memory.bytes().iter().position(|&byte| byte == 0).unwrap_or(memory.bytes().len());
        self.log = (len > 0).then_some(Text { memory, len });
        self
    }

    /// What was being done.
    pub fn step(&self) -> Step {
        self.step
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The kernel's error number, where the kernel gave one.
    pub fn errno(&self) -> Option<Errno> {
        match self.kind {
            ErrorKind::System(errno) => Some(errno),
            _ => None,
        }
    }

    /// The kernel's name of the call that failed, for bpf(2) that of the command.
    pub fn call(&self) -> Option<&'static str> {
        self.call.map(Call::name)
    }

    /// The name of the object; none for errors that belong to none.
    pub fn object(&self) -> Option<&'static str> {
        self.plan.map(|plan| plan.object)
    }

    /// The program or map it happened to, by its name in the C source.
    pub fn item(&self) -> Option<&'static str> {
        self.item
    }

    /// The path it happened at.
    pub fn path(&self) -> Option<&[u8]> {
        self.path.as_ref().map(Text::bytes)
    }

    /// What the verifier said, in full; only of programs and type information that the kernel refused.
    pub fn verifier_log(&self) -> Option<&[u8]> {
        self.log.as_ref().map(Text::bytes)
    }

    /// What is likely to help.
    fn advice(&self) -> Option<&'static str> {
        if self.hint.is_some() {
            return self.hint;
        }
        match self.kind {
            ErrorKind::System(Errno::EPERM) if self.call().is_some_and(|call| call.starts_with("BPF_")) => {
                Some(missing_privilege(self.step))
            }
            ErrorKind::System(Errno::EPERM | Errno::EACCES) if self.log.is_none() => {
                Some("run as root, or as the owner of that directory")
            }
            ErrorKind::System(Errno::ENOSYS) if self.call().is_some_and(|call| call.starts_with("BPF_")) => {
                Some(
                    "the kernel was built without CONFIG_BPF_SYSCALL, or a filter of system calls forbids it",
                )
            }
            ErrorKind::System(Errno::ENOMEM) if self.step == Step::CreateMap => {
                Some("the map is larger than the memory there is for it")
            }
            ErrorKind::System(Errno::EMFILE | Errno::ENFILE) => Some("raise the limits of open files"),
            ErrorKind::NotBpffs => {
                Some("mount one with `mount -t bpf bpf /sys/fs/bpf`, or call `bpffs::mount`")
            }
            ErrorKind::InvalidPath => Some("a path has 1 to 4095 bytes, none of them NUL"),
            ErrorKind::NoTarget(_) => {
                Some("this kernel does not have it: see `bpftool btf dump file /sys/kernel/btf/vmlinux`")
            }
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
            ErrorKind::IncompatibleMap { .. } => Some("make it anew, without carrying maps over"),
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

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(object) = self.object() {
            write!(f, "{object}: ")?;
        }
        f.write_str(self.step.describe())?;
        if let Some(item) = self.item {
            write!(f, " `{item}`")?;
        }
        if let Some(path) = self.path() {
            write!(f, " at {}", Lossy(path))?;
        }
        match self.kind {
            ErrorKind::System(errno) => {
                write!(f, ": {errno}")?;
                if let Some(call) = self.call() {
                    write!(f, " in {call}")?;
                }
            }
            ErrorKind::InvalidPath => f.write_str(": not a path")?,
            ErrorKind::NotBpffs => f.write_str(": not in a bpffs")?,
            ErrorKind::NoTarget(target) => {
                write!(f, ": `{}` is not in the kernel's type information", target.name)?;
            }
            ErrorKind::UnknownKernelBtf => {
                f.write_str(": the kernel's type information is in a form that is not known here")?;
            }
            ErrorKind::NotLoaded => f.write_str(": the program was not loaded")?,
            ErrorKind::NotAttached => f.write_str(": the program is not attached")?,
            ErrorKind::AlreadyPreloaded => f.write_str(": it is preloaded already")?,
            ErrorKind::AlreadyPinned => f.write_str(": it is pinned there already")?,
            ErrorKind::DifferentlyPinned => f.write_str(": what is pinned there is not the same")?,
            ErrorKind::Foreign => f.write_str(": this was not made by a preload")?,
            ErrorKind::IncompatibleMap { field, pinned, wanted } => {
                write!(f, ": the pinned map has {} {pinned}, that of the object {wanted}", field.describe())?;
            }
        }
        if let Some(advice) = self.advice() {
            write!(f, "; {advice}")?;
        }
        if let Some(log) = self.verifier_log() {
            write_log(f, log)?;
        }
        Ok(())
    }
}

/// The last lines of the log, each indented.
fn write_log(f: &mut fmt::Formatter<'_>, log: &[u8]) -> fmt::Result {
    let lines = || log.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    let count = lines().count();
    f.write_str("\nthe verifier says")?;
    if count > LOG_LINES {
        write!(f, " (last {LOG_LINES} of {count} lines)")?;
    }
    f.write_str(":")?;
    for line in lines().skip(count.saturating_sub(LOG_LINES)) {
        write!(f, "\n    {}", Lossy(line))?;
    }
    Ok(())
}

/// Bytes as text, with U+FFFD for what is not UTF-8.
struct Lossy<'a>(&'a [u8]);

impl fmt::Display for Lossy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_str("\u{fffd}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What `main` returns is printed with Debug; the message is what helps there too.
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for Error {}
