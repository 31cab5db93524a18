//! The variables, and what a line of a configuration puts into one of them. The rules are libbpf's.

use crate::error::{Call, Error, ErrorKind, Step};
use crate::plan::{ConfigKind, ConfigValue, MapPlan};
use crate::sys::Memory;

/// The contents of the map in the making.
pub(super) struct Values {
    plan: &'static MapPlan,
    /// The value of the map, then a byte for each variable that says how far it is.
    memory: Memory,
}

/// No program to be loaded reads the variable.
const IDLE: u8 = 0;
/// It is to be set.
const WANTED: u8 = 1;
/// It is set.
const SET: u8 = 2;

impl Values {
    /// None is set yet; `is_read` tells which are read at all.
    pub(super) fn new(
        plan: &'static MapPlan,
        is_read: impl Fn(&'static ConfigValue) -> bool,
    ) -> Result<Self, Error> {
        let size = plan.value_size as usize + plan.config.len();
        let memory =
            Memory::zeroed(size).map_err(|errno| Error::system(Step::ReadConfig, Call::Mmap, errno))?;
        let mut new = Self { plan, memory };
        for (index, value) in plan.config.iter().enumerate() {
            new.mark(index, if is_read(value) { WANTED } else { IDLE });
        }
        Ok(new)
    }

    /// The variables that are to be set and are not yet, by their index.
    pub(super) fn wanted(&self) -> impl Iterator<Item = (usize, &'static ConfigValue)> {
        self.plan.config.iter().enumerate().filter(|(index, _)| self.is_wanted(*index))
    }

    fn is_wanted(&self, index: usize) -> bool {
        self.memory.bytes().get(self.plan.value_size as usize + index) == Some(&WANTED)
    }

    fn mark(&mut self, index: usize, state: u8) {
        let at = self.plan.value_size as usize + index;
        if let Some(mark) = self.memory.bytes_mut().get_mut(at) {
            *mark = state;
        }
    }

    /// The memory, whose first bytes are the value of the map.
    pub(super) fn into_contents(self) -> Memory {
        self.memory
    }

    /// Takes a line of a configuration. Lines without a variable that is to be set do nothing.
    pub(super) fn line(&mut self, line: &[u8]) -> Result<(), Error> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some(at) = line.iter().position(|&byte| byte == b'=').filter(|_| line.starts_with(b"CONFIG_"))
        else {
            return Ok(());
        };
        let (name, text) = (line.get(..at).unwrap_or_default(), line.get(at + 1..).unwrap_or_default());
        let found = self.plan.config.iter().enumerate().find(|(_, value)| value.name.as_bytes() == name);
        let Some((index, value)) = found.filter(|(index, _)| self.is_wanted(*index)) else { return Ok(()) };
        let put = put_text(value, text, self.place(value));
        self.finish(index, value, put, text)
    }

    /// Sets a variable to a number that no file gives.
    pub(super) fn number(&mut self, index: usize, number: u64) -> Result<(), Error> {
        let Some(value) = self.plan.config.get(index) else { return Ok(()) };
        let put = put_number(value, number, self.place(value));
        self.finish(index, value, put, b"a number")
    }

    fn place(&mut self, value: &ConfigValue) -> &mut [u8] {
        let start = value.offset as usize;
        self.memory.bytes_mut().get_mut(start..start + value.size as usize).unwrap_or_default()
    }

    fn finish(
        &mut self,
        index: usize,
        value: &'static ConfigValue,
        put: Option<()>,
        text: &[u8],
    ) -> Result<(), Error> {
        if put.is_none() {
            return Err(Error::new(Step::ReadConfig, ErrorKind::ConfigMismatch(value)).with_text(text));
        }
        self.mark(index, SET);
        Ok(())
    }
}

/// None when the text does not fit the variable.
fn put_text(value: &ConfigValue, text: &[u8], place: &mut [u8]) -> Option<()> {
    match text {
        [letter @ (b'y' | b'n' | b'm'), ..] => put_letter(value, *letter, place),
        [b'"', ..] => put_string(value, text, place),
        _ => put_number(value, parse(text)?, place),
    }
}

fn put_letter(value: &ConfigValue, letter: u8, place: &mut [u8]) -> Option<()> {
    let byte = match (value.kind, letter) {
        (ConfigKind::Bool, b'm') => return None,
        (ConfigKind::Bool, _) => u8::from(letter == b'y'),
        (ConfigKind::Tristate, b'y') => 1,
        (ConfigKind::Tristate, b'm') => 2,
        (ConfigKind::Tristate, _) => 0,
        (ConfigKind::Char { .. }, _) => letter,
        (ConfigKind::Number { .. } | ConfigKind::Text, _) => return None,
    };
    // Little-endian, whatever the size; the rest is zero.
    *place.first_mut()? = byte;
    Some(())
}

/// What lies between the quotes, as it is; cut where the variable is too short, which keeps its final NUL.
fn put_string(value: &ConfigValue, text: &[u8], place: &mut [u8]) -> Option<()> {
    let inside = text.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if value.kind != ConfigKind::Text {
        return None;
    }
    let len = inside.len().min(place.len().checked_sub(1)?);
    place.get_mut(..len)?.copy_from_slice(inside.get(..len)?);
    Some(())
}

fn put_number(value: &ConfigValue, number: u64, place: &mut [u8]) -> Option<()> {
    let signed = match value.kind {
        ConfigKind::Char { signed } | ConfigKind::Number { signed } => signed,
        // libbpf's own values are numbers, and may go into a `bool`.
        ConfigKind::Bool if !value.name.starts_with("CONFIG_") && number <= 1 => false,
        _ => return None,
    };
    let bits = 8 * value.size;
    let fits = match (bits, signed) {
        (64.., _) => true,
        (_, true) => number.wrapping_add(1 << (bits - 1)) < 1 << bits,
        (_, false) => number >> bits == 0,
    };
    if !fits {
        return None;
    }
    place.copy_from_slice(number.to_le_bytes().get(..place.len())?);
    Some(())
}

/// A number as C writes it: decimal, `0x` or octal, with or without a sign.
fn parse(text: &[u8]) -> Option<u64> {
    let text = core::str::from_utf8(text).ok()?.trim_end();
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let hexadecimal = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let number = match (hexadecimal, digits.strip_prefix('0')) {
        (Some(digits), _) => u64::from_str_radix(unsigned(digits)?, 16),
        (None, Some(digits)) if !digits.is_empty() => u64::from_str_radix(unsigned(digits)?, 8),
        _ => unsigned(digits)?.parse(),
    }
    .ok()?;
    Some(if negative { number.wrapping_neg() } else { number })
}

/// A second sign is none.
fn unsigned(digits: &str) -> Option<&str> {
    (!digits.starts_with('+')).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn value(name: &'static str, size: u32, kind: ConfigKind) -> ConfigValue {
        ConfigValue { name, offset: 0, size, kind, weak: false }
    }

    fn put(size: u32, kind: ConfigKind, text: &str) -> Option<[u8; 8]> {
        let mut place = [0; 8];
        put_text(&value("CONFIG_X", size, kind), text.as_bytes(), &mut place[..size as usize])?;
        Some(place)
    }

    fn number(size: u32, signed: bool, text: &str) -> Option<u64> {
        put(size, ConfigKind::Number { signed }, text).map(u64::from_le_bytes)
    }

    #[test]
    fn letters() {
        let letter = |kind, text| put(4, kind, text).map(|bytes| bytes[0]);
        for (text, boolean, tristate) in
            [("y", Some(1), Some(1)), ("n", Some(0), Some(0)), ("m", None, Some(2))]
        {
            assert_eq!(letter(ConfigKind::Bool, text), boolean, "{text}");
            assert_eq!(letter(ConfigKind::Tristate, text), tristate, "{text}");
            assert_eq!(letter(ConfigKind::Char { signed: true }, text), Some(text.as_bytes()[0]));
            assert_eq!(letter(ConfigKind::Text, text), None);
            assert_eq!(letter(ConfigKind::Number { signed: true }, text), None);
        }
        assert_eq!(letter(ConfigKind::Bool, "1"), None);
        assert_eq!(letter(ConfigKind::Tristate, "\"y\""), None);
    }

    #[test]
    fn numbers_are_those_of_c() {
        assert_eq!(number(8, false, "250"), Some(250));
        assert_eq!(number(8, false, "0xffffffff00000000"), Some(0xffff_ffff_0000_0000));
        assert_eq!(number(8, false, "010"), Some(8));
        assert_eq!(number(8, false, "0"), Some(0));
        for text in ["", "-", "+1", "--1", "-+1", "0x", "0x+1", "08", "12ab", "18446744073709551616"] {
            assert_eq!(number(8, false, text), None, "{text}");
        }
    }

    #[test]
    fn numbers_fit_or_are_refused() {
        assert_eq!(number(2, false, "65535"), Some(65535));
        assert_eq!(number(2, false, "65536"), None);
        assert_eq!(number(2, false, "-1"), None);
        assert_eq!(number(2, true, "32767"), Some(32767));
        assert_eq!(number(2, true, "32768"), None);
        assert_eq!(number(2, true, "-32768"), Some(0x8000));
        assert_eq!(number(2, true, "-32769"), None);
        assert_eq!(number(4, true, "-1"), Some(0xffff_ffff));
        assert_eq!(number(4, false, "4294967296"), None);
        assert_eq!(number(8, true, "-1"), Some(u64::MAX));
        assert_eq!(put(1, ConfigKind::Char { signed: false }, "255"), Some([255, 0, 0, 0, 0, 0, 0, 0]));
        assert_eq!(put(1, ConfigKind::Char { signed: true }, "255"), None);
    }

    #[test]
    fn strings_end_inside() {
        assert_eq!(put(8, ConfigKind::Text, "\"cubic\""), Some(*b"cubic\0\0\0"));
        assert_eq!(put(4, ConfigKind::Text, "\"cubic\""), Some(*b"cub\0\0\0\0\0"));
        assert_eq!(put(4, ConfigKind::Text, "\"\""), Some([0; 8]));
        assert_eq!(put(8, ConfigKind::Text, "\""), None);
        assert_eq!(put(8, ConfigKind::Text, "\"open"), None);
        assert_eq!(put(8, ConfigKind::Text, "250"), None);
    }
}
