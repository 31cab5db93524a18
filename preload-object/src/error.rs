//! What can be wrong with an object, each with its place in the file and with what to do about it.

use std::fmt;

use crate::section;

/// One thing wrong with an object file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The ELF section it is in, where it is in one.
    pub section: Option<String>,
    /// Bytes from the start of that section, where that says more.
    pub offset: Option<u64>,
    /// What it is.
    pub kind: ErrorKind,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self { section: None, offset: None, kind }
    }

    pub(crate) fn in_section(mut self, name: &str) -> Self {
        self.section = Some(name.to_owned());
        self
    }

    pub(crate) fn at(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.section, self.offset) {
            (Some(section), Some(offset)) => write!(f, "section `{section}`, offset {offset:#x}: ")?,
            (Some(section), None) => write!(f, "section `{section}`: ")?,
            (None, _) => {}
        }
        self.kind.fmt(f)
    }
}

impl std::error::Error for Error {}

/// The kinds of [`Error`]; `Display` says what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file does not start with the ELF magic number.
    NotElf,
    /// A 32-bit ELF file.
    Not64Bit,
    /// A big-endian object.
    WrongByteOrder,
    /// An ELF file for this machine number (`e_machine`) instead of BPF.
    WrongMachine(u16),
    /// An executable or a shared object.
    NotRelocatable,
    /// The ELF structure cannot be followed; the text says where it breaks off.
    Damaged(String),
    /// `SHT_RELA` relocations, which no BPF compiler writes.
    RelocationsWithAddend,
    /// The file has no symbols.
    NoSymbols,
    /// The type information (`.BTF`, `.BTF.ext`) cannot be followed.
    BadBtf(String),
    /// No section holds a program.
    NoPrograms,
    /// A section of code whose name says no program type that this crate knows, with the one that was meant,
    /// perhaps.
    UnknownSection(Option<&'static str>),
    /// A section of data that code or maps refer to, and whose name says nothing that this crate knows.
    UnknownData,
    /// A section that libbpf knows and this version does not load, with what to do about it.
    UnsupportedSection(&'static str),
    /// The section name lacks the target, and the program cannot be loaded without one.
    BadTarget(String),
    /// There is no `license` section.
    MissingLicense,
    /// The `license` section is not one string.
    BadLicense,
    /// The licence is not one the kernel counts as GPL-compatible, but it has to be: licence, program,
    /// reason.
    NotGplCompatible {
        /// The text of the `license` section.
        license: String,
        /// The program that asks for more.
        program: String,
        /// What in the program asks for it.
        reason: String,
    },
    /// A symbol that is used but neither defined in the object nor declared to be the kernel's.
    UndefinedExtern(String),
    /// Something left to the loader that cannot be had: its name, reason.
    BadExtern {
        /// The symbol.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A relocation this crate cannot carry out.
    UnsupportedRelocation {
        /// The ELF relocation type.
        kind: u32,
        /// The symbol it refers to.
        symbol: String,
        /// Why it cannot be carried out.
        reason: &'static str,
    },
    /// Instructions that do not fit together: size, alignment, call targets.
    BadCode(String),
    /// A static function outside `.text`.
    StaticProgram(String),
    /// CO-RE records without function and line information.
    CoReWithoutInfo(String),
    /// Function information that covers some functions of a program only.
    PartialFunctionInfo {
        /// The program.
        program: String,
        /// The function without information.
        function: String,
    },
    /// Map definitions that cannot be told from each other.
    BadMapSection(String),
    /// A map definition that cannot be carried out: map, reason.
    BadMap {
        /// The name of the map's variable.
        map: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Two programs or two maps of one name.
    DuplicateName(String),
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotElf => f.write_str(
                "this is not an ELF file; give the object that `clang -target bpf -c` writes, not the source or a skeleton",
            ),
            Self::Not64Bit => f.write_str("this is a 32-bit ELF file; eBPF objects are 64-bit, compile with `-target bpf`"),
            Self::WrongByteOrder => f.write_str(
                "this object is big-endian, the kernels it could be loaded into here are little-endian; \
                 compile with `-target bpfel`",
            ),
            Self::WrongMachine(machine) => {
                write!(f, "this ELF file is for machine {machine}, not for BPF (247); compile with `-target bpf`")
            }
            Self::NotRelocatable => {
                f.write_str("this ELF file is not relocatable; give the object that `clang -c` writes, before any linking")
            }
            Self::Damaged(what) => write!(f, "the file is damaged or truncated ({what}); build the object again"),
            Self::RelocationsWithAddend => {
                f.write_str("relocations with explicit addends (SHT_RELA) are not written for BPF; build the object with clang")
            }
            Self::BadBtf(what) => {
                write!(f, "the type information is damaged or incomplete ({what}); build the object again with `-g`")
            }
            Self::NoSymbols => f.write_str(
                "there is no symbol table: the object is stripped; strip it with `llvm-strip -g`, which leaves that in",
            ),
            Self::NoPrograms => f.write_str(
                "the object holds no program; a program is a global function in a section such as `SEC(\"iter/bpf_map\")`",
            ),
            Self::UnknownSection(Some(meant)) => {
                write!(f, "the name says no program type; did you mean `{meant}`? {}", section::LISTED)
            }
            Self::UnknownSection(None) => {
                write!(f, "the name says no program type; {}", section::LISTED)
            }
            Self::UnknownData => f.write_str(
                "programs or maps refer to it, but the name says no data that a program can use; data goes into `.data`, `.rodata` and `.bss` (leave out the \
                 SEC), maps go into `.maps`",
            ),
            Self::UnsupportedSection(what) => f.write_str(what),
            Self::BadTarget(what) => f.write_str(what),
            Self::MissingLicense => f.write_str(
                "the object states no licence, and none is assumed, not even where the kernel would do without; \
                 add `char LICENSE[] SEC(\"license\") = \"Dual MIT/GPL\";` or the licence that is true",
            ),
            Self::BadLicense => f.write_str("the licence must be one string of text ended by a NUL, at most 127 bytes"),
            Self::NotGplCompatible { license, program, reason } => write!(
                f,
                "the licence \"{license}\" is not one that the kernel counts as GPL-compatible, but program `{program}` needs \
                 that: {reason}; the kernel takes {}",
                crate::license::known()
            ),
            Self::UndefinedExtern(symbol) => write!(
                f,
                "`{symbol}` is used but not defined in the object; define it, or declare it with `__ksym` if it is the kernel's, with \
                 `__kconfig` if it is of the kernel's configuration, and compile with `-g`"
            ),
            Self::BadExtern { name, reason } => write!(f, "extern `{name}`: {reason}"),
            Self::UnsupportedRelocation { kind, symbol, reason } => {
                write!(f, "unsupported relocation of type {kind} against `{symbol}`: {reason}")
            }
            Self::BadCode(what) => f.write_str(what),
            Self::StaticProgram(name) => write!(
                f,
                "function `{name}` is static but lies in a program section; programs are global, subprograms go into `.text` \
                 (leave out their SEC)"
            ),
            Self::CoReWithoutInfo(program) => write!(
                f,
                "program `{program}` has CO-RE relocations but neither function nor line information: the kernel would \
                 leave them undone without a word and the program would read wrong memory; \
                 keep all of .BTF.ext (strip with `llvm-strip -g` only)"
            ),
            Self::PartialFunctionInfo { program, function } => write!(
                f,
                "program `{program}` has function information, but not for `{function}`, which the kernel refuses; \
                 compile all of the object with `-g`"
            ),
            Self::BadMapSection(what) => f.write_str(what),
            Self::BadMap { map, reason } => write!(f, "map `{map}`: {reason}"),
            Self::DuplicateName(name) => write!(f, "the name `{name}` is given twice; rename one of the two"),
        }
    }
}

/// Everything wrong with an object, in the order of the file; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errors(Vec<Error>);

impl Errors {
    /// `Ok` when nothing was collected.
    pub(crate) fn check(errors: Vec<Error>) -> Result<(), Self> {
        if errors.is_empty() { Ok(()) } else { Err(Self(errors)) }
    }

    /// The errors one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Error> {
        self.0.iter()
    }
}

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl<'a> IntoIterator for &'a Errors {
    type Item = &'a Error;
    type IntoIter = std::slice::Iter<'a, Error>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Errors {}
