//! What the object leaves to the machine that loads it.

/// A value of the kernel's configuration, as a variable of the object.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigValue {
    /// The variable of the C source, which is the name of the option (`CONFIG_..`), or one of those that libbpf makes
    /// up (`LINUX_..`).
    pub name: &'static str,
    /// Where in its map it lies, in bytes.
    pub offset: u32,
    /// Bytes.
    pub size: u32,
    /// What it can hold.
    pub kind: ConfigKind,
    /// Whether it stays zero where the kernel's configuration does not give it.
    pub weak: bool,
}

/// What a variable of the kernel's configuration can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigKind {
    /// `y` or `n`.
    Bool,
    /// `n`, `y` or `m`, as 0, 1, 2.
    Tristate,
    /// One of these letters, or a number of 8 bits.
    Char {
        /// Whether the number may be negative.
        signed: bool,
    },
    /// A number.
    Number {
        /// Whether it may be negative.
        signed: bool,
    },
    /// Characters up to a NUL.
    Text,
}

/// A function or variable of the kernel.
#[derive(Debug, PartialEq, Eq)]
pub struct KernelSymbol {
    /// Its name in the C source.
    pub name: &'static str,
    /// The kernel's name of it: without the `___suffix` that tells several declarations of one apart.
    pub kernel_name: &'static str,
    /// What is said of it.
    pub kind: SymbolKind,
    /// Whether programs are loaded where the kernel does not have it.
    pub weak: bool,
}

/// What the object says of a symbol of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// A function, with the number of its prototype in the object's BTF.
    Function(u32),
    /// A variable, with the number of its type in the object's BTF.
    Variable(u32),
    /// An address, of which no type is known.
    Address,
}

impl SymbolKind {
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Function(_) => "function",
            Self::Variable(_) => "variable with a type",
            Self::Address => "symbol",
        }
    }
}

/// An instruction that refers to a symbol of the kernel. In the plan it is the one for kernels that do not have the
/// symbol: a call that the verifier refuses if it is reached, the address 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SymbolReference {
    /// Its place in the program, in instructions.
    pub insn: u32,
    /// The index of the symbol in [`Plan::symbols`](super::Plan::symbols).
    pub symbol: u32,
}
