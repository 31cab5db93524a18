//! The object as a whole: what the file holds, checked, in file order.

use std::collections::HashSet;

use crate::btf::Btf;
use crate::btf_ext::BtfExt;
use crate::elf::{Content, Elf};
use crate::error::{Error, ErrorKind, Errors};
use crate::exception::Callbacks;
use crate::externs::{Externs, KernelSymbol, SymbolKind};
use crate::license;
use crate::link::{self, Code, CodeSection, Linker};
use crate::map::{self, Map, Maps};
use crate::section::{self, ProgramKind};
use crate::struct_ops;

/// All programs together may have so many instructions, 32 MiB of them. Every program has its own copy of what it calls, so
/// that a small file could come to any size.
const MAX_INSNS: usize = 4 << 20;

/// The kernel copies at most this much of the licence, the final NUL included.
const LICENSE_SIZE: usize = 128;

/// An object file that can be preloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    pub(crate) license: String,
    pub(crate) btf: Option<Btf>,
    pub(crate) maps: Vec<Map>,
    pub(crate) programs: Vec<Program>,
    pub(crate) symbols: Vec<KernelSymbol>,
}

/// One program, linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The function of the C source.
    pub name: String,
    /// What its section says it is.
    pub kind: &'static ProgramKind,
    /// The target that the section name gives, if it gives one.
    pub target: Option<String>,
    /// Whether it is loaded unless it is switched off; not where `?` stands in front of the section name.
    pub autoload: bool,
    pub(crate) code: Code,
}

impl Object {
    /// Reads an object file.
    ///
    /// # Errors
    ///
    /// Everything that keeps the object from being loaded as it was meant, as far as the file tells: all of
    /// it at once where the file can be read at all.
    pub fn read(bytes: &[u8]) -> Result<Self, Errors> {
        let elf = Elf::parse(bytes)?;
        let mut errors = Vec::new();

        refuse_sections(&elf, &mut errors);
        link::refuse_addresses_in_data(&elf, &mut errors);
        let license = read_license(&elf).map_err(|error| errors.push(error)).ok();
        let mut operations = Vec::new();
        let (btf, ext, maps, externs) = match read_btf(&elf) {
            Ok((mut btf, ext)) => {
                let externs = Externs::collect(&elf, btf.as_mut(), &mut errors);
                let maps = Maps::collect(&elf, btf.as_ref(), &mut errors);
                operations = struct_ops::collect(&elf, btf.as_ref(), &mut errors);
                (btf, ext, maps, externs)
            }
            Err(error) => {
                errors.push(error);
                Default::default()
            }
        };
        let callbacks = btf.as_ref().map(|btf| Callbacks::read(btf, &mut errors)).unwrap_or_default();
        // What follows would only repeat in other words what is wrong already.
        Errors::check(std::mem::take(&mut errors))?;

        let mut maps = maps;
        let config_map = externs.config_map(btf.as_ref()).map(|map| {
            maps.maps.push(map);
            maps.maps.len() - 1
        });
        let places = maps.places.iter().copied().collect();
        let linker = Linker {
            elf: &elf,
            ext: &ext,
            maps: &places,
            text: None,
            callbacks: &callbacks,
            externs: &externs,
            config_map,
        };
        let programs = link_programs(linker, &mut errors);
        if programs.is_empty() && errors.is_empty() {
            errors.push(Error::new(ErrorKind::NoPrograms));
        }
        // A program that is refused would be missed in its slots as well.
        if errors.is_empty() {
            maps.fill_slots(&elf, &programs, &mut errors);
            maps.maps.extend(struct_ops::fill(&elf, operations, &programs, &mut errors));
        }
        let (license, maps) = (license.unwrap_or_default(), maps.maps);
        let object = Self { license, btf, maps, programs, symbols: externs.symbols };
        object.check_license(&mut errors);
        object.check_names(&mut errors);
        Errors::check(errors)?;
        Ok(object)
    }

    /// The licence, as the object states it.
    pub fn license(&self) -> &str {
        &self.license
    }

    /// The maps, in the order in which they are created.
    pub fn maps(&self) -> &[Map] {
        &self.maps
    }

    /// The programs, in the order of the file.
    pub fn programs(&self) -> &[Program] {
        &self.programs
    }

    /// The maps of constants that code does not refer to. libbpf binds them to each program.
    pub(crate) fn unreferred_constants(&self, code: &Code) -> impl Iterator<Item = usize> {
        let constants = self.maps.iter().enumerate().filter(|(_, map)| map.is_constants());
        let refers = |index| code.insns.iter().any(|insn| insn.map() == Some(index));
        constants.map(|(index, _)| index).filter(move |&index| !refers(index))
    }

    fn check_license(&self, errors: &mut Vec<Error>) {
        if license::is_gpl_compatible(&self.license) {
            return;
        }
        let has_constants = self.maps.iter().any(|map| map.data.as_ref().is_some_and(|data| data.frozen));
        for program in &self.programs {
            let helpers = program.code.insns.iter().filter_map(|insn| insn.helper());
            let reason = license::reason(program.kind, helpers, has_constants);
            if let Some(reason) = reason.or_else(|| self.kernel_function(program)) {
                errors.push(Error::new(ErrorKind::NotGplCompatible {
                    license: self.license.clone(),
                    program: program.name.clone(),
                    reason,
                }));
            }
        }
    }

    /// A kernel function that a program calls: the kernel takes that of no program under another licence.
    fn kernel_function(&self, program: &Program) -> Option<String> {
        let symbols =
            program.code.symbols.iter().filter_map(|&[_, symbol]| self.symbols.get(symbol as usize));
        let function = symbols.into_iter().find(|symbol| matches!(symbol.kind, SymbolKind::Function(_)))?;
        Some(format!("it calls the kernel function `{}`", function.name))
    }

    /// ELF allows two local symbols of one name; a skeleton has one field for each.
    fn check_names(&self, errors: &mut Vec<Error>) {
        let mut seen = HashSet::new();
        for name in self.programs.iter().map(|program| &program.name) {
            if !seen.insert(name) {
                errors.push(Error::new(ErrorKind::DuplicateName(name.clone())));
            }
        }
        seen.clear();
        for name in self.maps.iter().map(|map| &map.name) {
            if !seen.insert(name) {
                errors.push(Error::new(ErrorKind::DuplicateName(name.clone())));
            }
        }
    }
}

/// Sections with contents that nothing below takes up. Data that nothing refers to does no harm, as with
/// libbpf: `.modinfo`, or what a program of user space looks for in the file.
fn refuse_sections(elf: &Elf<'_>, errors: &mut Vec<Error>) {
    let referring =
        elf.sections.iter().filter(|section| section.content == Content::Code || section.name == ".maps");
    let referred: HashSet<usize> = referring
        .flat_map(|section| &section.relocations)
        .filter_map(|relocation| elf.symbols.get(relocation.symbol)?.section)
        .collect();
    for (number, section) in elf.sections.iter().enumerate().filter(|(_, section)| section.size > 0) {
        if let Some(what) = section::unsupported(section.name) {
            errors.push(Error::new(ErrorKind::UnsupportedSection(what)).in_section(section.name));
            continue;
        }
        let known = match section.content {
            Content::Code => section.name == ".text" || ProgramKind::of_section(section.name).is_some(),
            Content::Data | Content::Zeros => {
                matches!(section.name, ".maps" | "maps" | "license" | "version" | map::ARENA_SECTION)
                    || map::is_data_section(section)
                    || struct_ops::is_section(section)
                    || !referred.contains(&number)
            }
            Content::Other => true,
        };
        if known {
            continue;
        }
        let kind = match section.content {
            Content::Code => ErrorKind::UnknownSection(section::meant(section.name)),
            _ => ErrorKind::UnknownData,
        };
        errors.push(Error::new(kind).in_section(section.name));
    }
}

fn read_license(elf: &Elf<'_>) -> Result<String, Error> {
    let Some((_, section)) = elf.section("license").filter(|(_, section)| !section.data.is_empty()) else {
        return Err(Error::new(ErrorKind::MissingLicense));
    };
    let bad = || Error::new(ErrorKind::BadLicense).in_section(section.name);
    let end = section.data.iter().position(|&byte| byte == 0).ok_or_else(bad)?;
    if end >= LICENSE_SIZE {
        return Err(bad());
    }
    std::str::from_utf8(&section.data[..end]).map(str::to_owned).map_err(|_| bad())
}

fn read_btf(elf: &Elf<'_>) -> Result<(Option<Btf>, BtfExt), Error> {
    let section = |name| elf.section(name).map(|(_, section)| section).filter(|section| section.size > 0);
    let bad = |section: &str, what: String| Err(Error::new(ErrorKind::BadBtf(what)).in_section(section));

    // CO-RE relocations lie in .BTF.ext: an object that has lost them loads as well, and reads wrong memory.
    let (mut btf, ext) = match (section(".BTF"), section(".BTF.ext")) {
        (None, None) => return Ok((None, BtfExt::default())),
        (None, Some(_)) => return bad(".BTF.ext", "there is no `.BTF`, which it refers to".into()),
        (Some(btf), None) => (Btf::parse(btf.data)?, BtfExt::default()),
        (Some(btf), Some(ext)) => {
            let btf = Btf::parse(btf.data)?;
            let ext = BtfExt::parse(ext.data, &btf)?;
            (btf, ext)
        }
    };
    if section(".BTF.ext").is_none() && btf.has_functions() {
        return bad(
            ".BTF",
            "`.BTF.ext` with the CO-RE relocations was taken out; `llvm-strip -g` leaves it in".into(),
        );
    }
    if let Some(name) = ext.sections().find(|name| elf.section(name).is_none()) {
        return bad(
            ".BTF.ext",
            format!("it describes section `{name}`, which is not there or has another name"),
        );
    }
    btf.complete(elf)?;
    Ok((Some(btf), ext))
}

fn link_programs(linker: Linker<'_, '_>, errors: &mut Vec<Error>) -> Vec<Program> {
    let elf = linker.elf;
    let (mut text, mut unreadable) = (None, false);
    let mut sections = Vec::new();
    for (number, section) in elf.sections.iter().enumerate() {
        if section.content != Content::Code || section.size == 0 {
            continue;
        }
        match (CodeSection::read(elf, number), ProgramKind::of_section(section.name)) {
            (Ok(code), _) if section.name == ".text" => text = Some(code),
            (Ok(code), Some(kind)) => sections.push((section.name, code, kind)),
            // Refused by name before.
            (Ok(_), None) => {}
            (Err(error), _) => {
                errors.push(error);
                unreadable |= section.name == ".text";
            }
        }
    }
    // Every call would be one to nowhere.
    if unreadable {
        return Vec::new();
    }

    let linker = Linker { text: text.as_ref(), ..linker };
    let mut programs = Vec::new();
    let mut insns = 0;
    for (section, code_section, (kind, target)) in &sections {
        if let Some(what) = target.and_then(|target| kind.refuse_target(target)) {
            errors.push(Error::new(ErrorKind::BadTarget(what)).in_section(section));
            continue;
        }
        let statics = code_section.functions.iter().filter(|function| function.is_local);
        let before = errors.len();
        errors.extend(statics.map(|function| {
            Error::new(ErrorKind::StaticProgram(function.name.to_owned())).in_section(section)
        }));
        // Programs that call them would say the same once more.
        if errors.len() > before {
            continue;
        }
        for function in &code_section.functions {
            match linker.link(*function, code_section) {
                Ok(code) => {
                    insns += code.insns.len();
                    programs.push(Program {
                        name: function.name.to_owned(),
                        kind,
                        target: target.map(str::to_owned),
                        autoload: section::autoload(section).0,
                        code,
                    });
                }
                Err(error) => errors.push(error),
            }
            if insns > MAX_INSNS {
                let what =
                    format!("the programs come to more than {MAX_INSNS} instructions with what they call");
                errors.push(Error::new(ErrorKind::BadCode(what)));
                return programs;
            }
        }
    }
    programs
}
