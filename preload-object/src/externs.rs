//! Externs: what the object uses and leaves to the loader.
//!
//! Declared with `__kconfig` it is a value of the kernel's configuration, which goes into a map of its own;
//! declared with `__ksym` it is a function or variable of the kernel, which instructions refer to. Both are
//! found on the machine that runs the program.

use std::collections::{HashMap, HashSet};

use crate::btf::{Btf, Declaration, kind};
use crate::elf::{Elf, Symbol};
use crate::error::{Error, ErrorKind};
use crate::map::{self, Map};

/// The data section of configuration values, which exists in BTF only.
const CONFIG: &str = ".kconfig";
const SYMBOLS: &str = ".ksyms";

/// A value of the kernel's configuration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConfigValue {
    /// The variable of the C source, which is the name of the option; or one of those that libbpf makes up.
    pub name: String,
    /// Where in the map it lies.
    pub offset: u32,
    /// Bytes.
    pub size: u32,
    /// What it can hold.
    pub kind: ConfigKind,
    /// Whether the kernel may do without.
    pub weak: bool,
}

/// What a variable of the kernel's configuration can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConfigKind {
    /// `y` or `n`.
    Bool,
    /// `y`, `m` or `n`, as an `enum libbpf_tristate`.
    Tristate,
    /// One of these letters, or a number of 8 bits.
    Char {
        /// Whether the number may be negative.
        signed: bool,
    },
    /// A number of 16, 32 or 64 bits.
    Number {
        /// Whether it may be negative.
        signed: bool,
    },
    /// Characters up to a NUL.
    Text,
}

/// A function or variable of the kernel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KernelSymbol {
    /// Its name in the C source.
    pub name: String,
    /// The kernel's name of it: without the `___suffix` that tells several declarations of one apart.
    pub kernel_name: String,
    /// What is said of it.
    pub kind: SymbolKind,
    /// Whether the kernel may do without.
    pub weak: bool,
}

/// What the object says of a symbol of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SymbolKind {
    /// A function, with the number of its prototype in the object's BTF.
    Function(u32),
    /// A variable, with the number of its type in the object's BTF.
    Variable(u32),
    /// An address, of which no type is known.
    Address,
}

/// What an undefined symbol stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Extern {
    /// A value of the kernel's configuration: its place in the map.
    Config(u32),
    /// A symbol of the kernel, by its index.
    Kernel(u32),
}

/// All externs of an object.
#[derive(Default)]
pub(crate) struct Externs {
    /// In the order of their places.
    pub(crate) config: Vec<ConfigValue>,
    /// In the order of the ELF symbols.
    pub(crate) symbols: Vec<KernelSymbol>,
    /// By number of the ELF symbol.
    meaning: HashMap<usize, Extern>,
}

impl Externs {
    /// Finds out what undefined symbols stand for, and puts the object's types into the form the kernel takes.
    pub(crate) fn collect(elf: &Elf<'_>, btf: Option<&mut Btf>, errors: &mut Vec<Error>) -> Self {
        let undefined = || {
            elf.symbols
                .iter()
                .enumerate()
                .filter(|(_, symbol)| symbol.undefined && !symbol.is_local && !symbol.name.is_empty())
        };
        let Some(btf) = btf else {
            errors.extend(undefined().map(|(_, symbol)| undeclared(symbol)));
            return Self::default();
        };
        let before = errors.len();
        let config = declarations(btf, CONFIG, errors);
        let symbols = declarations(btf, SYMBOLS, errors);

        let mut externs = Self::default();
        let mut values = Vec::new();
        for (number, symbol) in undefined() {
            match (config.get(symbol.name), symbols.get(symbol.name)) {
                (Some(&declaration), None) => match config_value(btf, symbol, declaration) {
                    Ok((value, align)) => values.push((number, declaration, value, align)),
                    Err(error) => errors.push(error),
                },
                (None, Some(&declaration)) => {
                    externs.meaning.insert(number, Extern::Kernel(externs.symbols.len() as u32));
                    externs.symbols.push(kernel_symbol(btf, symbol, declaration));
                }
                (Some(_), Some(_)) => errors.push(Error::new(ErrorKind::BadExtern {
                    name: symbol.name.to_owned(),
                    reason: "it is declared with `__kconfig` and with `__ksym`; it can be but one of them"
                        .into(),
                })),
                (None, None) => errors.push(undeclared(symbol)),
            }
        }
        let found: HashSet<&str> = undefined().map(|(_, symbol)| symbol.name).collect();
        let missing = config.keys().chain(symbols.keys()).filter(|name| !found.contains(name.as_str()));
        errors.extend(missing.map(|name| {
            let what = format!("`{name}` is declared as an extern, but there is no such symbol");
            Error::new(ErrorKind::BadBtf(what)).in_section(".BTF")
        }));
        if errors.len() > before {
            return Self::default();
        }
        externs.place(btf, values);
        btf.settle_kernel_symbols();
        externs
    }

    /// What an undefined symbol stands for.
    pub(crate) fn get(&self, symbol: usize) -> Option<Extern> {
        self.meaning.get(&symbol).copied()
    }

    /// The map of the configuration values; none where there are none.
    pub(crate) fn config_map(&self, btf: Option<&Btf>) -> Option<Map> {
        let last = self.config.last()?;
        let size = last.offset + last.size;
        let described = btf.and_then(|btf| btf.data_sections().get(CONFIG).map(|(id, _)| *id));
        Some(map::of_config(CONFIG, size, described.unwrap_or_default(), self.config.clone()))
    }

    /// Gives each value its place: libbpf's order, which leaves the fewest gaps.
    fn place(&mut self, btf: &mut Btf, mut values: Vec<(usize, Declaration, ConfigValue, u32)>) {
        values.sort_by(|(_, _, a, a_align), (_, _, b, b_align)| {
            b_align.cmp(a_align).then(a.size.cmp(&b.size)).then(a.name.cmp(&b.name))
        });
        let mut end = 0_u32;
        let mut places = HashMap::new();
        for (number, declaration, mut value, align) in values {
            // The sizes are those of variables, and were checked to be small.
            value.offset = end.next_multiple_of(align);
            end = value.offset + value.size;
            places.insert(declaration.id, value.offset);
            self.meaning.insert(number, Extern::Config(value.offset));
            self.config.push(value);
        }
        btf.place_config(&places, end);
    }
}

/// The declarations of a section by name; one name for two things is an error.
fn declarations(btf: &Btf, section: &str, errors: &mut Vec<Error>) -> HashMap<String, Declaration> {
    let mut found: HashMap<String, Declaration> = HashMap::new();
    for (name, declaration) in btf.externs(section) {
        if found.insert(name.clone(), declaration).is_some_and(|other| other.id != declaration.id) {
            let reason = "it is declared twice, and not as the same".into();
            errors.push(Error::new(ErrorKind::BadExtern { name, reason }));
        }
    }
    found
}

fn undeclared(symbol: &Symbol<'_>) -> Error {
    Error::new(ErrorKind::UndefinedExtern(symbol.name.to_owned()))
}

/// The value, and the alignment of its type.
fn config_value(
    btf: &Btf,
    symbol: &Symbol<'_>,
    declaration: Declaration,
) -> Result<(ConfigValue, u32), Error> {
    /// Longer than any line of a configuration.
    const LONGEST: u32 = 4096;
    let bad = |reason: &str| {
        Error::new(ErrorKind::BadExtern { name: symbol.name.to_owned(), reason: reason.to_owned() })
    };
    let kind = config_kind(btf, declaration.type_id).filter(|_| !declaration.is_function).ok_or_else(|| {
        bad("its type is none that a value of the kernel's configuration has: `bool`, `enum libbpf_tristate`, `char`, an \
             integer, an array of `char`")
    })?;
    let size = btf.size_of(declaration.type_id).filter(|size| (1..=LONGEST).contains(size));
    let size = size.ok_or_else(|| bad("it has 1 to 4096 bytes"))?;
    if !symbol.name.starts_with("CONFIG_") && !is_made_up(symbol) {
        return Err(bad(
            "names of the kernel's configuration start with `CONFIG_`; libbpf's own are LINUX_KERNEL_VERSION, \
                        LINUX_HAS_BPF_COOKIE and LINUX_HAS_SYSCALL_WRAPPER, others with `LINUX_` can only be `__weak`",
        ));
    }
    let name = symbol.name.to_owned();
    let value = ConfigValue { name, offset: 0, size, kind, weak: symbol.is_weak };
    Ok((value, btf.align_of(declaration.type_id)))
}

/// Whether it is a value that libbpf makes up, or may make up one day.
fn is_made_up(symbol: &Symbol<'_>) -> bool {
    const KNOWN: [&str; 3] = ["LINUX_KERNEL_VERSION", "LINUX_HAS_BPF_COOKIE", "LINUX_HAS_SYSCALL_WRAPPER"];
    KNOWN.contains(&symbol.name) || (symbol.name.starts_with("LINUX_") && symbol.is_weak)
}

fn config_kind(btf: &Btf, type_id: u32) -> Option<ConfigKind> {
    if let Some(integer) = btf.integer(type_id) {
        return match integer.size {
            1 if integer.boolean => Some(ConfigKind::Bool),
            _ if integer.boolean => None,
            1 => Some(ConfigKind::Char { signed: integer.signed }),
            2 | 4 | 8 => Some(ConfigKind::Number { signed: integer.signed }),
            _ => None,
        };
    }
    let (_, ty) = btf.resolve(type_id)?;
    match ty.kind {
        kind::ENUM | kind::ENUM64 if ty.size_or_type == 4 && btf.name(ty) == "libbpf_tristate" => {
            Some(ConfigKind::Tristate)
        }
        kind::ARRAY => {
            let (element, count) = btf.array(ty);
            let is_text = btf.integer(element).is_some_and(|integer| integer.size == 1 && !integer.boolean);
            (is_text && count > 0).then_some(ConfigKind::Text)
        }
        _ => None,
    }
}

fn kernel_symbol(btf: &Btf, symbol: &Symbol<'_>, declaration: Declaration) -> KernelSymbol {
    let kind = if declaration.is_function {
        SymbolKind::Function(declaration.type_id)
    } else if btf.is_void(declaration.type_id) {
        SymbolKind::Address
    } else {
        SymbolKind::Variable(declaration.type_id)
    };
    KernelSymbol {
        name: symbol.name.to_owned(),
        kernel_name: without_flavor(symbol.name).to_owned(),
        kind,
        weak: symbol.is_weak,
    }
}

/// The name in front of the last `___`, where there is something on both sides of it.
pub(crate) fn without_flavor(name: &str) -> &str {
    let bytes = name.as_bytes();
    let is_mark = |at: &usize| {
        let around = &bytes[*at..*at + 5];
        around[0] != b'_' && around[1..4] == *b"___" && around[4] != b'_'
    };
    let mark = (0..(bytes.len() + 1).saturating_sub(5)).rev().find(is_mark);
    mark.and_then(|at| name.get(..=at)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::without_flavor;

    #[test]
    fn a_flavor_is_what_follows_three_underscores() {
        assert_eq!(without_flavor("task_struct___old"), "task_struct");
        assert_eq!(without_flavor("a___b___c"), "a___b");
        for whole in ["task__old", "task____old", "___x", "x___", "", "a___"] {
            assert_eq!(without_flavor(whole), whole);
        }
    }
}
