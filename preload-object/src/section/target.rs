//! What a program attaches to, parsed from the text behind the `/` of a section name.

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
        let fits = match self {
            Self::StructOps => true,
            Self::Trace | Self::TraceMulti => {
                let (module, name) = target.split_once(':').unwrap_or(("vmlinux", target));
                is_name(module) && if self == Self::Trace { is_name(name) } else { is_pattern(name) }
            }
            Self::Tracepoint => {
                target.split_once('/').is_some_and(|(category, name)| is_name(category) && is_name(name))
            }
            Self::Kprobe(probe) => {
                let (function, offset) = split_offset(target);
                if probe != Probe::Entry && offset != 0 {
                    return Err(format!(
                        "`{target}` has an offset, but a function returns as a whole: leave it out"
                    ));
                }
                is_name(function)
            }
            Self::KprobeMulti(_) => is_pattern(target),
            Self::Uprobe(probe) => {
                let (path, symbol) = target.split_once(':').unwrap_or_default();
                let (function, offset) = split_offset(symbol);
                if probe != Probe::Entry && offset != 0 {
                    return Err(format!(
                        "`{target}` has an offset, but a function returns as a whole: leave it out"
                    ));
                }
                !path.is_empty() && !function.is_empty()
            }
            Self::UprobeMulti(_) => {
                target.split_once(':').is_some_and(|(path, pattern)| !path.is_empty() && !pattern.is_empty())
            }
            Self::Usdt => {
                let parts: Vec<&str> = target.split(':').collect();
                parts.len() == 3 && !parts.contains(&"")
            }
            _ => is_name(target),
        };
        if !fits || target.contains('\0') {
            let grammar = if grammar.contains([':', '/', '+']) {
                format!(": write `{grammar}`")
            } else {
                String::new()
            };
            return Err(format!("`{}` is not the name of {what}{grammar}", target.escape_debug()));
        }
        Ok(match self {
            Self::Iterator => Some(Attach::Iterator),
            Self::RawTracepoint => Some(Attach::RawTracepoint(target.to_owned())),
            Self::Trace => Some(Attach::Trace),
            _ => None,
        })
    }
}

/// The characters of a name in the kernel, those libbpf takes.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.')
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
