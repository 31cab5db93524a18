//! What went wrong, where, and what is likely to help.

mod advice;
mod signature;
mod text;
mod words;

use core::fmt;

pub use self::signature::SignatureProblem;
pub(crate) use self::text::Lossy;
use self::text::Text;
pub use crate::properties::MapField;

use crate::path::CPath;
use crate::plan::{BtfTarget, ConfigValue, CoreRelo, KernelSymbol, Plan, ProgramPlan, StructOpsMember};
use crate::sys::{Errno, Memory, OnPage};

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
    /// Reading the kernel's configuration.
    ReadConfig,
    /// Looking for the kernel functions and variables that a program refers to.
    FindSymbols,
    /// Fitting operations to the kernel's.
    FitOperations,
    /// Loading a program.
    LoadProgram,
    /// Loading the program that loads the object from inside the kernel.
    LoadLoader,
    /// Running that program.
    RunLoader,
    /// Attaching a program.
    Attach,
    /// Pinning a link or a map.
    Pin,
    /// Removing a pin.
    Unpin,
    /// Looking at the place for pins, or mounting a bpffs there.
    Bpffs,
    /// Reading what is in a map.
    ReadMap,
    /// Writing into a map.
    WriteMap,
    /// Mapping the memory of a data section.
    MapMemory,
    /// Asking the kernel about an object.
    Query,
    /// Opening what is pinned.
    Open,
    /// Putting another program behind a link.
    Update,
    /// Detaching a program.
    Detach,
    /// Running a program.
    Run,
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
            Self::ReadConfig => "reading the kernel's configuration for",
            Self::FindSymbols => "looking for the kernel symbols of program",
            Self::FitOperations => "fitting operations",
            Self::LoadProgram => "loading program",
            Self::LoadLoader => "loading the loader",
            Self::RunLoader => "running the loader",
            Self::Attach => "attaching program",
            Self::Pin => "pinning",
            Self::Unpin => "unpinning",
            Self::Bpffs => "preparing the place for pins",
            Self::ReadMap => "reading map",
            Self::WriteMap => "writing map",
            Self::MapMemory => "mapping the memory of",
            Self::Query => "asking the kernel about",
            Self::Open => "opening the link of",
            Self::Update => "updating the link of",
            Self::Detach => "detaching program",
            Self::Run => "running program",
            Self::Preload => "preloading",
        }
    }
}

/// The calls of the kernel's that are made, for bpf(2) the command.
#[derive(Clone, Copy)]
pub(crate) enum Call {
    BtfLoad,
    MapCreate,
    MapLookupElem,
    MapUpdateElem,
    MapDeleteElem,
    MapGetNextKey,
    MapLookupAndDeleteElem,
    MapLookupBatch,
    MapUpdateBatch,
    MapDeleteBatch,
    Mmap,
    MapFreeze,
    ProgBindMap,
    ProcessVmWritev,
    ProgLoad,
    LinkCreate,
    LinkUpdate,
    LinkDetach,
    ProgGetFdById,
    BtfGetFdById,
    MapGetFdById,
    ProgAttach,
    ProgDetach,
    ProgQuery,
    ProgRun,
    InterfaceIndex,
    Setsockopt,
    Rtnetlink,
    Fcntl,
    Ioctl,
    RawTracepointOpen,
    PerfEventOpen,
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
            Self::MapLookupElem => "BPF_MAP_LOOKUP_ELEM",
            Self::MapUpdateElem => "BPF_MAP_UPDATE_ELEM",
            Self::MapDeleteElem => "BPF_MAP_DELETE_ELEM",
            Self::MapGetNextKey => "BPF_MAP_GET_NEXT_KEY",
            Self::MapLookupAndDeleteElem => "BPF_MAP_LOOKUP_AND_DELETE_ELEM",
            Self::MapLookupBatch => "BPF_MAP_LOOKUP_BATCH",
            Self::MapUpdateBatch => "BPF_MAP_UPDATE_BATCH",
            Self::MapDeleteBatch => "BPF_MAP_DELETE_BATCH",
            Self::Mmap => "mmap",
            Self::MapFreeze => "BPF_MAP_FREEZE",
            Self::ProgBindMap => "BPF_PROG_BIND_MAP",
            Self::ProcessVmWritev => "process_vm_writev",
            Self::ProgLoad => "BPF_PROG_LOAD",
            Self::LinkCreate => "BPF_LINK_CREATE",
            Self::LinkUpdate => "BPF_LINK_UPDATE",
            Self::LinkDetach => "BPF_LINK_DETACH",
            Self::ProgGetFdById => "BPF_PROG_GET_FD_BY_ID",
            Self::BtfGetFdById => "BPF_BTF_GET_FD_BY_ID",
            Self::MapGetFdById => "BPF_MAP_GET_FD_BY_ID",
            Self::ProgAttach => "BPF_PROG_ATTACH",
            Self::ProgDetach => "BPF_PROG_DETACH",
            Self::ProgQuery => "BPF_PROG_QUERY",
            Self::ProgRun => "BPF_PROG_TEST_RUN",
            Self::InterfaceIndex => "ioctl(SIOCGIFINDEX)",
            Self::Setsockopt => "setsockopt",
            Self::Rtnetlink => "rtnetlink",
            Self::Fcntl => "fcntl",
            Self::Ioctl => "ioctl(PERF_EVENT_IOC_SET_BPF)",
            Self::RawTracepointOpen => "BPF_RAW_TRACEPOINT_OPEN",
            Self::PerfEventOpen => "perf_event_open",
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
    /// The type information of the kernel or of the module has no type of the name that the program is loaded against.
    NoTarget(&'static BtfTarget),
    /// The program that an extension is for has no such function.
    NoFunction(&'static BtfTarget),
    /// Nothing says which program an extension is for.
    NothingExtended,
    /// The kernel's type information is not in a form that is known here.
    UnknownKernelBtf,
    /// The kernel's configuration does not give a value that the object cannot do without.
    MissingConfig(&'static ConfigValue),
    /// What the kernel's configuration gives does not fit the variable of the object.
    ConfigMismatch(&'static ConfigValue),
    /// The file of the kernel's configuration is damaged.
    DamagedConfig,
    /// A CO-RE relocation that the program cannot do without, and the kernel cannot carry out.
    Unresolved(&'static CoreRelo),
    /// Symbols of more modules than there is room for.
    TooManyModules,
    /// The kernel has no operations of this name.
    NoOperations(&'static str),
    /// A member of operations does not fit the kernel's of that name.
    BadMember {
        /// The member.
        member: &'static StructOpsMember,
        /// In what it does not fit.
        problem: MemberProblem,
    },
    /// The kernel does not have a function or variable that the object cannot do without.
    MissingSymbol(&'static KernelSymbol),
    /// The kernel's function or variable of this name is of another type than the object says.
    SymbolMismatch(&'static KernelSymbol),
    /// The kernel does not tell the addresses of its symbols.
    HiddenAddresses(&'static KernelSymbol),
    /// The object is signed, and the kernel does not take the signature.
    Signature(SignatureProblem),
    /// The program was left out at load.
    NotLoaded,
    /// The program has no link.
    NotAttached,
    /// What is pinned there is not a link.
    NotALink,
    /// What is pinned there is a link of another kind of program.
    DifferentLink {
        /// `enum bpf_prog_type` of its program.
        program_type: u32,
        /// `enum bpf_attach_type` of the link, where it tells.
        attach_type: Option<u32>,
    },
    /// The statics hold a skeleton already.
    AlreadyPreloaded,
    /// The object is preloaded there already.
    AlreadyPinned,
    /// What is preloaded there is not the same, and was to be kept only if it was.
    DifferentlyPinned,
    /// Something there was not made by a preload of this crate.
    Foreign,
    /// A key or a value is not as long as those of the map.
    WrongSize {
        /// Its bytes.
        given: usize,
        /// Those that the map has; for a map with a value for each CPU, those of all CPUs.
        expected: usize,
    },
    /// A map that was to be used in the place of a new one differs from what the object wants: one that is carried over,
    /// pinned by name, or given by the caller. `Display` shows both sides, field by field.
    IncompatibleMap {
        /// The first in which they differ.
        field: MapField,
        /// What that map has.
        found: u64,
        /// What the object wants.
        wanted: u64,
    },
}

/// In what a member of operations does not fit the kernel's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MemberProblem {
    /// The kernel has no such member, and the object sets it.
    Missing,
    /// It is a bit field in the kernel.
    BitField,
    /// It is of another kind: a number for a function, say.
    Kind,
    /// It has another size.
    Size,
}

impl MemberProblem {
    fn describe(self) -> &'static str {
        match self {
            Self::Missing => "is not there in the kernel",
            Self::BitField => "is a bit field in the kernel",
            Self::Kind => "is of another kind in the kernel",
            Self::Size => "has another size in the kernel",
        }
    }
}

/// Why an object could not be loaded, attached, pinned or unpinned.
///
/// `Display` is a message for a person at a console: what was being done, with what, what the kernel said,
/// and what is likely to help. The page of [`errors`](crate::errors) explains each.
pub struct Error(OnPage<Details>);

/// What is known of an error. It lies in memory of its own: an error is rare, and whatever can fail would have to carry it.
struct Details {
    step: Step,
    kind: ErrorKind,
    call: Option<Call>,
    plan: Option<&'static Plan>,
    item: Option<&'static str>,
    hint: Option<&'static str>,
    path: Option<Text>,
    target: Option<Text>,
    /// The verifier's log, or both sides of a comparison; with [`ErrorKind::ConfigMismatch`] the text that does not fit.
    text: Option<Text>,
}

impl Details {
    const fn new(step: Step, kind: ErrorKind, call: Option<Call>, hint: Option<&'static str>) -> Self {
        Self { step, kind, call, plan: None, item: None, hint, path: None, target: None, text: None }
    }
}

/// Every error where there is no memory to say more.
static NO_MEMORY: Details = Details::new(
    Step::Preload,
    ErrorKind::System(Errno::ENOMEM),
    Some(Call::Mmap),
    Some("there is no memory left, not even to say what it was wanted for"),
);

impl Error {
    #[cold]
    pub(crate) fn new(step: Step, kind: ErrorKind) -> Self {
        Self(OnPage::new(Details::new(step, kind, None, None), &NO_MEMORY))
    }

    /// A call of the kernel's that failed.
    #[cold]
    #[inline(never)]
    pub(crate) fn system(step: Step, call: Call, errno: Errno) -> Self {
        Self::new(step, ErrorKind::System(errno)).with(|details| details.call = Some(call))
    }

    fn details(&self) -> &Details {
        self.0.get()
    }

    fn with(mut self, change: impl FnOnce(&mut Details)) -> Self {
        if let Some(details) = self.0.get_mut() {
            change(details);
        }
        self
    }

    pub(crate) fn of_object(self, plan: &'static Plan) -> Self {
        self.with(|details| details.plan = Some(plan))
    }

    pub(crate) fn with_item(self, item: &'static str) -> Self {
        self.with(|details| details.item = Some(item))
    }

    pub(crate) fn with_path(self, path: &CPath) -> Self {
        self.with(|details| details.path = Text::copy(path.as_bytes()))
    }

    /// What the program is to be attached to.
    pub(crate) fn with_target(self, target: fmt::Arguments<'_>) -> Self {
        self.with(|details| details.target = Text::format(target))
    }

    pub(crate) fn with_text(self, text: &[u8]) -> Self {
        self.with(|details| details.text = Text::copy(text))
    }

    /// The same, known better.
    pub(crate) fn with_kind(self, kind: ErrorKind) -> Self {
        self.with(|details| details.kind = kind)
    }

    /// The same of another step.
    pub(crate) fn at_step(self, step: Step) -> Self {
        self.with(|details| details.step = step)
    }

    /// What is likely to help, where the step knows better than the error number.
    pub(crate) fn with_hint(self, hint: Option<&'static str>) -> Self {
        self.with(|details| details.hint = hint)
    }

    /// The log as the kernel left it, up to the first NUL.
    pub(crate) fn with_log(self, memory: Memory) -> Self {
        self.with(|details| details.text = Text::new(memory))
    }

    /// Both sides of a comparison, to be shown at the end.
    pub(crate) fn with_comparison(self, text: fmt::Arguments<'_>) -> Self {
        self.with(|details| details.text = Text::format(text))
    }

    /// Whether the text is the kernel's.
    fn is_log(&self) -> bool {
        !matches!(self.details().kind, ErrorKind::IncompatibleMap { .. } | ErrorKind::ConfigMismatch(_))
    }

    /// What was being done.
    pub fn step(&self) -> Step {
        self.details().step
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.details().kind
    }

    /// The kernel's error number, where the kernel gave one.
    pub fn errno(&self) -> Option<Errno> {
        match self.details().kind {
            ErrorKind::System(errno) => Some(errno),
            _ => None,
        }
    }

    /// The kernel's name of the call that failed, for bpf(2) that of the command.
    pub fn call(&self) -> Option<&'static str> {
        self.details().call.map(Call::name)
    }

    /// The name of the object; none for errors that belong to none.
    pub fn object(&self) -> Option<&'static str> {
        self.details().plan.map(|plan| plan.object)
    }

    /// The program or map it happened to, by its name in the C source.
    pub fn item(&self) -> Option<&'static str> {
        self.details().item
    }

    /// The path it happened at.
    pub fn path(&self) -> Option<&[u8]> {
        self.details().path.as_ref().map(Text::bytes)
    }

    /// What the program was to be attached to, in words.
    pub fn target(&self) -> Option<&[u8]> {
        self.details().target.as_ref().map(Text::bytes)
    }

    /// What the verifier said, in full; only of programs and type information that the kernel refused.
    pub fn verifier_log(&self) -> Option<&[u8]> {
        self.details().text.as_ref().filter(|_| self.is_log()).map(Text::bytes)
    }
}

impl Error {
    /// Whether the kernel does not have what a program attaches to, or does not let programs of its kind be attached
    /// there.
    pub(crate) fn is_absence(&self) -> bool {
        match (self.details().step, self.details().kind) {
            (
                Step::FindTarget,
                ErrorKind::NoTarget(_) | ErrorKind::NoFunction(_) | ErrorKind::System(Errno::ENOENT),
            ) => true,
            (Step::Attach, ErrorKind::System(errno)) => {
                matches!(
                    errno,
                    Errno::ENOENT | Errno::ESRCH | Errno::EINVAL | Errno::EOPNOTSUPP | Errno::ENOTSUPP
                )
            }
            // The kernel looks at the target before it looks at the program.
            (Step::LoadProgram, ErrorKind::System(errno)) => {
                matches!(errno, Errno::EINVAL | Errno::EOPNOTSUPP | Errno::ENOTSUPP)
            }
            _ => false,
        }
    }

    /// For the steps that are about what a program attaches to.
    fn write_target(&self, f: &mut fmt::Formatter<'_>, item: &str) -> fmt::Result {
        let Some(plan) =
            self.details().plan.filter(|_| matches!(self.details().step, Step::FindTarget | Step::Attach))
        else {
            return Ok(());
        };
        match plan.programs.iter().find(|program| program.name == item) {
            Some(ProgramPlan { section, target: Some(target), .. }) => {
                say(f, &[" (", section, "/", target, ")"])
            }
            Some(ProgramPlan { section, .. }) => say(f, &[" (", section, ")"]),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = self.details();
        if let Some(object) = self.object() {
            say(f, &[object, ": "])?;
        }
        f.write_str(details.step.describe())?;
        if let Some(item) = details.item {
            say(f, &[" `", item, "`"])?;
            self.write_target(f, item)?;
        }
        for (word, text) in [(" to ", &details.target), (" at ", &details.path)] {
            if let Some(text) = text {
                f.write_str(word)?;
                Lossy(text.bytes()).fmt(f)?;
            }
        }
        f.write_str(": ")?;
        words::of(details).write(f)?;
        if let Some(advice) = self.advice() {
            say(f, &["; ", advice])?;
        }
        match &details.text {
            Some(text) if self.is_log() => text::write_log(f, text.bytes())?,
            Some(text) if matches!(details.kind, ErrorKind::IncompatibleMap { .. }) => {
                f.write_str("\n")?;
                Lossy(text.bytes()).fmt(f)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// One text after the other: what a format would come to, in less code.
fn say(f: &mut fmt::Formatter<'_>, texts: &[&str]) -> fmt::Result {
    texts.iter().try_for_each(|text| f.write_str(text))
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What `main` returns is printed with Debug; the message is what helps there too.
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for Error {}
