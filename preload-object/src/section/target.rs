//! What a program attaches to, parsed from the text behind the `/` of a section name.

use super::KERNEL;
use super::place::Place;
use super::way::{Probe, Way};

/// How one program is attached: its way, with the target.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Attach {
    /// As an iterator; which one was fixed at load.
    Iterator,
    /// To the tracepoint of this name.
    RawTracepoint(String),
    /// To what it was loaded against.
    Trace,
    /// To a tracepoint as a perf event.
    Tracepoint {
        /// The directory of the tracepoint in tracefs.
        category: String,
        /// Its name there.
        name: String,
    },
    /// To an instruction of the kernel.
    Kprobe {
        /// The function it is in.
        function: String,
        /// Bytes from its start.
        offset: u64,
        /// When the function returns.
        retprobe: bool,
    },
    /// To many functions of the kernel.
    KprobeMulti {
        /// The name of a function, or a pattern of names.
        functions: String,
        /// When.
        probe: Probe,
    },
    /// To many functions of the kernel, which share one trampoline.
    TraceMulti {
        /// The name of a function, or a pattern of names.
        functions: String,
    },
    /// To an instruction of a file.
    Uprobe {
        /// The file.
        path: String,
        /// The function it is in, or its offset in the file: `0x1234`.
        function: String,
        /// Bytes from its start.
        offset: u64,
        /// When the function returns.
        retprobe: bool,
    },
    /// To many functions of a file.
    UprobeMulti {
        /// The file.
        path: String,
        /// The name of a function, or a pattern of names.
        functions: String,
        /// When.
        probe: Probe,
    },
    /// To a probe that the author of a file has marked in it.
    Usdt {
        /// The file.
        path: String,
        /// Who provides the probe.
        provider: String,
        /// Its name.
        name: String,
    },
    /// To the function of a system call.
    Ksyscall {
        /// The name of the system call.
        name: String,
        /// When it returns.
        retprobe: bool,
    },
    /// To what the caller's settings say.
    To(Place),
}

impl Way {
    /// Reads a target; the error says what is wrong with it.
    ///
    /// Nothing comes of it for the ways that are left to the caller.
    ///
    /// # Errors
    ///
    /// The text is not a target of this way.
    pub fn parse(self, target: &str) -> Result<Option<Attach>, String> {
        let Some((what, grammar)) = self.target() else {
            return Err("a target is given where the program is attached, not here".into());
        };
        let attach = match self {
            Self::Iterator => is_name(in_module(target).1).then_some(Some(Attach::Iterator)),
            Self::RawTracepoint => is_name(target).then(|| Some(Attach::RawTracepoint(target.to_owned()))),
            Self::Trace => is_name(in_module(target).1).then_some(Some(Attach::Trace)),
            Self::Tracepoint => tracepoint(target).map(Some),
            Self::Kprobe(probe) => kprobe(target, probe)?.map(Some),
            Self::Ksyscall(probe) => is_name(target).then(|| {
                Some(Attach::Ksyscall { name: target.to_owned(), retprobe: probe == Probe::Return })
            }),
            Self::KprobeMulti(probe) => {
                is_pattern(target).then(|| Some(Attach::KprobeMulti { functions: target.to_owned(), probe }))
            }
            Self::TraceMulti => in_kernel(target)?.map(|functions| Some(Attach::TraceMulti { functions })),
            Self::Uprobe(probe) => uprobe(target, probe)?.map(Some),
            Self::UprobeMulti(probe) => in_file(target).map(|(path, functions)| {
                Some(Attach::UprobeMulti { path: path.to_owned(), functions: functions.to_owned(), probe })
            }),
            Self::Usdt => usdt(target).map(Some),
            Self::StructOps => Some(None),
            Self::Extension => is_name(target).then_some(Some(Attach::Trace)),
            _ => is_name(target).then_some(None),
        };
        attach.filter(|_| !target.contains('\0')).ok_or_else(|| {
            let grammar = if grammar.contains([':', '/', '+']) {
                format!(": write `{grammar}`")
            } else {
                String::new()
            };
            format!("`{}` is not the name of {what}{grammar}", target.escape_debug())
        })
    }
}

fn tracepoint(target: &str) -> Option<Attach> {
    let (category, name) =
        target.split_once('/').filter(|(category, name)| is_name(category) && is_name(name))?;
    Some(Attach::Tracepoint { category: category.to_owned(), name: name.to_owned() })
}

fn kprobe(target: &str, probe: Probe) -> Result<Option<Attach>, String> {
    let (function, offset) = split_offset(target);
    refuse_offset(target, offset, probe)?;
    let retprobe = probe == Probe::Return;
    Ok(is_name(function).then(|| Attach::Kprobe { function: function.to_owned(), offset, retprobe }))
}

fn uprobe(target: &str, probe: Probe) -> Result<Option<Attach>, String> {
    let Some((path, function)) = in_file(target) else { return Ok(None) };
    let (function, offset) = split_offset(function);
    refuse_offset(target, offset, probe)?;
    Ok(Some(Attach::Uprobe {
        path: path.to_owned(),
        function: function.to_owned(),
        offset,
        retprobe: probe == Probe::Return,
    }))
}

fn usdt(target: &str) -> Option<Attach> {
    let (path, probe) = in_file(target)?;
    let (provider, name) =
        probe.split_once(':').filter(|(provider, name)| !provider.is_empty() && !name.is_empty())?;
    let (path, provider, name) = (path.to_owned(), provider.to_owned(), name.to_owned());
    (!name.contains(':')).then_some(Attach::Usdt { path, provider, name })
}

/// A file, and what is named in it.
fn in_file(target: &str) -> Option<(&str, &str)> {
    target.split_once(':').filter(|(path, name)| !path.is_empty() && !name.is_empty())
}

/// A function returns as a whole.
fn refuse_offset(target: &str, offset: u64, probe: Probe) -> Result<(), String> {
    if offset == 0 || probe == Probe::Entry {
        return Ok(());
    }
    Err(format!(
        "`{target}` has an offset, but it is where the function returns that is probed; leave it out"
    ))
}

/// The name of a module, if one is given, and what is named in it.
pub(super) fn in_module(target: &str) -> (Option<&str>, &str) {
    match target.split_once(':') {
        Some((module, name)) if is_name(module) => (Some(module), name),
        _ => (None, target),
    }
}

/// The characters of a name in the kernel, those libbpf takes.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.')
}

/// A pattern of functions that are not said to be in a module.
fn in_kernel(target: &str) -> Result<Option<String>, String> {
    match in_module(target) {
        (None | Some(KERNEL), functions) => Ok(is_pattern(functions).then(|| functions.to_owned())),
        (Some(module), _) => Err(format!(
            "programs for many functions of a module, here `{module}`, cannot be attached yet: leave out the target"
        )),
    }
}

fn is_pattern(pattern: &str) -> bool {
    is_name(&pattern.replace(['*', '?'], "_"))
}

/// A name and the number of bytes behind it; what is no number belongs to the name.
fn split_offset(text: &str) -> (&str, u64) {
    text.rsplit_once('+').and_then(|(name, offset)| Some((name, number(offset)?))).unwrap_or((text, 0))
}

/// A number as C writes it.
fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}
