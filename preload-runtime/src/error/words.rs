//! What went wrong, in words.

use core::fmt;

use super::text::Text;
use super::{Details, ErrorKind, Lossy};
use crate::sys::Errno;
use crate::sys::process::Names;

/// A sentence with places to be filled in; in this form it takes little code, and few errors are ever shown.
pub(super) struct Words<'a> {
    /// `%k` stands for the release of the kernel, `%e` for the error number in words, `%t` for the text of the kernel's,
    /// `%0`, `%1` for the names and `%2`, `%3` for the numbers.
    sentence: &'static str,
    names: [&'a str; 2],
    numbers: [u64; 2],
    errno: Errno,
    text: &'a [u8],
}

pub(super) fn of(details: &Details) -> Words<'_> {
    let (mut names, mut numbers, mut errno) = ([""; 2], [0; 2], Errno::ENOMEM);
    let sentence = match details.kind {
        ErrorKind::System(number) => {
            errno = number;
            match details.call {
                Some(call) => {
                    names[0] = call.name();
                    "%e in %0"
                }
                None => "%e",
            }
        }
        ErrorKind::InvalidPath => "not a path",
        ErrorKind::NotBpffs => "not in a bpffs",
        ErrorKind::NoTarget(target) => {
            names[0] = target.name;
            match target.module {
                Some(module) => {
                    names[1] = module;
                    "`%0` is not in the type information of %1"
                }
                None => "`%0` is not in the kernel's type information",
            }
        }
        ErrorKind::NoFunction(target) => {
            names[0] = target.name;
            "the program that it extends has no function `%0`"
        }
        ErrorKind::NothingExtended => "nothing says which program it extends",
        ErrorKind::UnknownKernelBtf => "the kernel's type information is in a form that is not known here",
        ErrorKind::MissingConfig(value) => {
            names[0] = value.name;
            "%0 has no value in that of kernel %k"
        }
        ErrorKind::ConfigMismatch(value) => {
            names[0] = value.name;
            "%0 is %t, which does not fit its variable"
        }
        ErrorKind::DamagedConfig => "the file is damaged",
        ErrorKind::Unresolved(relo) => {
            names = [relo.what, relo.place];
            if relo.place.is_empty() { "kernel %k has no %0" } else { "kernel %k has no %0, which %1 needs" }
        }
        ErrorKind::NoOperations(name) => {
            names[0] = name;
            "kernel %k has no operations `%0`"
        }
        ErrorKind::BadMember { member, problem } => {
            names = [member.name, problem.describe()];
            "member `%0` %1"
        }
        ErrorKind::TooManyModules => "they are in more modules than there is room for",
        ErrorKind::MissingSymbol(symbol) => {
            names = [symbol.kind.describe(), symbol.kernel_name];
            "kernel %k has no %0 `%1`"
        }
        ErrorKind::SymbolMismatch(symbol) => {
            names = [symbol.kind.describe(), symbol.kernel_name];
            "%0 `%1` of kernel %k is of another type"
        }
        ErrorKind::HiddenAddresses(symbol) => {
            names[0] = symbol.kernel_name;
            "the kernel does not tell the address of `%0`"
        }
        ErrorKind::Signature(problem) => problem.describe(),
        ErrorKind::NotLoaded => "the program was not loaded",
        ErrorKind::NotAttached => "the program is not attached",
        ErrorKind::NotALink => "what is pinned there is not a link",
        ErrorKind::DifferentLink { program_type, attach_type } => {
            numbers = [program_type.into(), attach_type.unwrap_or_default().into()];
            match attach_type {
                Some(_) => "this is the link of another kind of program: type %2, attach type %3",
                None => "this is the link of another kind of program: type %2",
            }
        }
        ErrorKind::AlreadyPreloaded => "it is preloaded already",
        ErrorKind::AlreadyPinned => "it is pinned there already",
        ErrorKind::DifferentlyPinned => "what is pinned there is not the same",
        ErrorKind::Foreign => "this was not made by a preload",
        ErrorKind::WrongSize { given, expected } => {
            numbers = [given as u64, expected as u64];
            "%2 bytes were given, the map has %3"
        }
        ErrorKind::IncompatibleMap { field, found, wanted } => {
            names[0] = field.name();
            numbers = [found, wanted];
            "that map has %0 %2, the object wants %3"
        }
    };
    Words {
        sentence,
        names,
        numbers,
        errno,
        text: details.text.as_ref().map(Text::bytes).unwrap_or_default(),
    }
}

impl Words<'_> {
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.sentence;
        while let Some(at) = rest.bytes().position(|byte| byte == b'%') {
            f.write_str(rest.get(..at).unwrap_or_default())?;
            match rest.as_bytes().get(at + 1) {
                Some(b'k') => f.write_str(Names::of_kernel().release())?,
                Some(b'e') => fmt::Display::fmt(&self.errno, f)?,
                Some(b't') => fmt::Display::fmt(&Lossy(self.text), f)?,
                Some(b'0') => f.write_str(self.names[0])?,
                Some(b'1') => f.write_str(self.names[1])?,
                Some(b'2') => fmt::Display::fmt(&self.numbers[0], f)?,
                _ => fmt::Display::fmt(&self.numbers[1], f)?,
            }
            rest = rest.get(at + 2..).unwrap_or_default();
        }
        f.write_str(rest)
    }
}
