//! Values of the kernel's configuration: those of the running machine, in the layout of the object's variables.
//!
//! Options (`CONFIG_..`) come from the text that the caller gives, then from a file: the caller's, or
//! `/proc/config.gz`, or `/boot/config-RELEASE`. The others (`LINUX_..`) are made up as libbpf makes them up.

mod made_up;
mod source;
mod values;

use core::ffi::CStr;
use core::fmt;

use crate::error::{Call, Error, ErrorKind, Step};
use crate::lines;
use crate::path::{AsPath, CPath};
use crate::plan::{ConfigValue, MapPlan, Plan};
use crate::privilege::Privilege;
use crate::skeleton::OpenProgram;
use crate::sys::{Errno, Memory};

use values::Values;

/// Where the values of the kernel's configuration come from, for objects that have some.
#[derive(Clone)]
pub struct OpenKconfig {
    text: &'static str,
    file: Option<Result<CPath, ErrorKind>>,
}

impl OpenKconfig {
    pub(crate) const fn new() -> Self {
        Self { text: "", file: None }
    }

    /// Gives values that count more than those of the machine: lines such as `CONFIG_HZ=250`, as in a kernel's
    /// `.config`. What they do not give is taken from the machine's.
    pub fn set_text(&mut self, text: &'static str) -> &mut Self {
        self.text = text;
        self
    }

    /// Takes the values from this file, gzipped or not, in place of `/proc/config.gz` and `/boot/config-RELEASE`:
    /// an initramfs may have neither.
    ///
    /// A path that cannot be one is an error when it is used.
    pub fn set_file(&mut self, path: impl AsPath) -> &mut Self {
        self.file = Some(CPath::new(path));
        self
    }

    /// Whatever tells one source from another.
    pub(crate) fn identity(&self) -> impl Iterator<Item = u8> + '_ {
        let file = self.file.as_ref().and_then(|file| file.as_ref().ok()).map_or(&[][..], CPath::as_bytes);
        self.text.bytes().chain([0]).chain(file.iter().copied())
    }
}

impl fmt::Debug for OpenKconfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.as_ref().and_then(|file| file.as_ref().ok()).map(CPath::as_c_str);
        f.debug_struct("OpenKconfig").field("text", &self.text).field("file", &file).finish()
    }
}

/// [`read`], as a plan names it.
pub(crate) type Read = fn(
    &'static Plan,
    Option<&OpenKconfig>,
    &[&OpenProgram],
    &mut Privilege<'_>,
) -> Result<Option<Memory>, Error>;

/// The contents of the map of configuration values; none where the plan has no such map.
pub(crate) fn read(
    plan: &'static Plan,
    open: Option<&OpenKconfig>,
    programs: &[&OpenProgram],
    privilege: &mut Privilege<'_>,
) -> Result<Option<Memory>, Error> {
    let found = plan.maps.iter().enumerate().find(|(_, map)| !map.config.is_empty());
    let Some((index, map)) = found else { return Ok(None) };
    let needed = |value: &ConfigValue| needed_by(plan, programs, index, value);
    let contents = contents(map, open, &needed, privilege).map_err(|error| {
        let of_value = match error.kind() {
            ErrorKind::MissingConfig(value) | ErrorKind::ConfigMismatch(value) => needed(value),
            _ => map.config.iter().find_map(needed),
        };
        match of_value {
            Some(program) => error.with_item(program),
            None => error,
        }
    });
    contents.map(Some)
}

fn contents(
    map: &'static MapPlan,
    open: Option<&OpenKconfig>,
    needed: &dyn Fn(&ConfigValue) -> Option<&'static str>,
    privilege: &mut Privilege<'_>,
) -> Result<Memory, Error> {
    let mut values = Values::new(map, |value| needed(value).is_some())?;
    made_up::fill(&mut values, privilege)?;
    if let Some(open) = open {
        lines::each(open.text.as_bytes(), &mut |line| values.line(line))?;
    }
    if values.wanted().any(|(_, value)| value.name.starts_with("CONFIG_")) {
        let file = open.and_then(|open| open.file.as_ref()).map(Result::as_ref).transpose();
        let file = file.map_err(|&kind| Error::new(Step::ReadConfig, kind))?;
        source::read(file, &mut |line| values.line(line))?;
    }
    let missing = values.wanted().find(|(_, value)| !value.weak);
    if let Some((_, value)) = missing {
        return Err(Error::new(Step::ReadConfig, ErrorKind::MissingConfig(value)));
    }
    Ok(values.into_contents())
}

/// A program to be loaded that refers to a value.
fn needed_by(
    plan: &'static Plan,
    programs: &[&OpenProgram],
    map: usize,
    value: &ConfigValue,
) -> Option<&'static str> {
    let mut loaded = plan.programs.iter().zip(programs).filter(|(_, open)| open.autoload());
    let place = value.offset..value.offset + value.size;
    loaded.find(|(program, _)| refers(program.insns, map, &place)).map(|(program, _)| program.name)
}

/// Whether an instruction takes an address in this part of the map.
fn refers(insns: &[u8], map: usize, place: &core::ops::Range<u32>) -> bool {
    const LD_IMM64: u8 = 0x18;
    /// `BPF_PSEUDO_MAP_IDX_VALUE`.
    const MAP_IDX_VALUE: u8 = 6;
    let mut slots = insns.chunks_exact(8);
    while let Some(&[opcode, registers, _, _, a, b, c, d]) = slots.next() {
        if opcode != LD_IMM64 {
            continue;
        }
        let index = u32::from_le_bytes([a, b, c, d]);
        let Some(&[_, _, _, _, a, b, c, d]) = slots.next() else { return false };
        let is_value = registers >> 4 == MAP_IDX_VALUE && index as usize == map;
        if is_value && place.contains(&u32::from_le_bytes([a, b, c, d])) {
            return true;
        }
    }
    false
}

fn failed(call: Call, errno: Errno, path: &CStr) -> Error {
    let error = Error::system(Step::ReadConfig, call, errno);
    // A path of ours, which is none of the caller's mistakes.
    CPath::new(path).map_or_else(|kind| Error::new(Step::ReadConfig, kind), |path| error.with_path(&path))
}
