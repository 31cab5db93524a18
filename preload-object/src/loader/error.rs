//! What a loader cannot carry.

use std::fmt;

/// Why an object has no loader; `Display` says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A map holds values of the kernel's configuration, which user space reads.
    Config,
    /// Operations have to be brought into the form that the kernel has, which takes its type information: map.
    Operations(String),
    /// An arena is filled by mapping it: map.
    Arena(String),
    /// A map may be there already, under the pin of its name: map.
    PinnedByName(String),
    /// A program takes the place of a function of another one, which user space opens: program.
    Extension(String),
    /// The target of a program is said to be in a module, and the kernel looks into all of them: program, module.
    Module {
        /// The program.
        program: String,
        /// The module.
        module: String,
    },
    /// Which of several declarations of a kernel's function or variable fits takes a look at its type: the kernel's name.
    Variants(String),
    /// More maps, programs and symbols than the context has room for: somewhat more than 8000 in all.
    TooMany,
    /// More bytes than a map can hold, or the kernel verifies.
    TooLarge,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config => f.write_str(
                "it has values of the kernel's configuration (`__kconfig`), which only user space can read; set a constant \
                 before load instead, or test with CO-RE for what the kernel has",
            ),
            Self::Operations(map) => write!(
                f,
                "`{map}` are operations (`.struct_ops`), which user space fits to those of the running kernel; keep them in \
                 an object of their own",
            ),
            Self::Arena(map) => {
                write!(f, "`{map}` is an arena, which user space maps; keep it in an object of its own")
            }
            Self::PinnedByName(map) => write!(
                f,
                "`{map}` is pinned by its name (`LIBBPF_PIN_BY_NAME`), where user space looks for one that is there \
                 already; give it a pin of this object's own with `map({map}, pin = \"..\")` and leave `pinning` out",
            ),
            Self::Extension(program) => write!(
                f,
                "`{program}` takes the place of a function of another program (`freplace`), which user space opens; keep it \
                 in an object of its own",
            ),
            Self::Module { program, module } => write!(
                f,
                "the target of `{program}` is said to be in module `{module}`, and the kernel cannot be told so; leave the \
                 module out: all of them are looked at",
            ),
            Self::Variants(symbol) => write!(
                f,
                "there are several declarations of `{symbol}`, of which user space chooses the one that fits; keep one",
            ),
            Self::TooMany => f.write_str("it has more maps, programs and symbols than fit into a loader's context"),
            Self::TooLarge => f.write_str("it is larger than what the kernel takes: 512 MiB, with a signature 16 MiB"),
        }
    }
}

impl std::error::Error for Error {}
