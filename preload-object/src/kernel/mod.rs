//! What of the things that a plan needs of a kernel is there, by the type information of that kernel.
//!
//! It is what the runtime and the kernel look for when the plan is carried out, asked on another machine before. Types are found by name
//! and kind; whether a function takes what the object says, only the kernel itself compares.

mod relocation;

use std::collections::HashMap;

use object::{Object as _, ObjectSection as _};

use crate::btf::{Btf, kind};
use crate::error::{Error, ErrorKind};
use crate::externs::SymbolKind;
use crate::plan::{Plan, ProgramPlan};
use crate::section::{KERNEL, KernelType};

/// The type information of a kernel.
pub struct KernelTypes {
    btf: Btf,
    /// Types by name.
    names: HashMap<String, Vec<u32>>,
}

/// Something that a plan needs of a kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The program that needs it; for operations, the map.
    pub item: String,
    /// What it is needed as.
    pub kind: NeedKind,
    /// What it is, as C or the kernel names it.
    pub what: String,
    /// Where in the source: `FILE:LINE`; empty where that is not known.
    pub place: String,
    /// Whether it is there.
    pub answer: Answer,
}

/// What something of a kernel is needed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeedKind {
    /// What a program is loaded against.
    Target,
    /// A function or variable that it refers to.
    Symbol,
    /// Operations that it registers.
    Operations,
    /// A type, member or value that a CO-RE relocation refers to.
    Relocation,
}

/// Whether a kernel has something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is there.
    Present,
    /// It is not there, and the object can do without: it asks for it, declares it weak, or has something else for that case.
    NotNeeded,
    /// It is not there.
    Missing,
    /// It is not there, which may be no harm: the program asks the kernel for something, and may not come here then.
    Guarded,
    /// The type information of the kernel does not tell: it is in a module, or is an address only.
    Unknown,
}

impl KernelTypes {
    /// Reads `/sys/kernel/btf/vmlinux` of some machine, or an ELF file with a section `.BTF`, which `vmlinux` is.
    ///
    /// # Errors
    ///
    /// Anything else, or kinds of types that are not known yet.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let section = match object::File::parse(bytes) {
            Ok(file) => {
                let section = file.section_by_name(".BTF").and_then(|section| section.data().ok());
                section
                    .ok_or_else(|| Error::new(ErrorKind::BadBtf("there is none in this ELF file".into())))?
            }
            Err(_) => bytes,
        };
        let btf = Btf::parse(section)?;
        let mut names: HashMap<String, Vec<u32>> = HashMap::new();
        for (id, ty) in btf.ids().filter_map(|id| Some((id, btf.get(id)?))) {
            let name = btf.name(ty);
            if !name.is_empty() {
                names.entry(name.to_owned()).or_default().push(id);
            }
        }
        Ok(Self { btf, names })
    }

    /// All that a plan needs, program by program.
    pub fn needs(&self, plan: &Plan) -> Vec<Need> {
        let mut needs = Vec::new();
        // Made by this crate, so that it can be read; without type information there are no relocations.
        let local = Btf::parse(&plan.btf).unwrap_or_default();
        for program in &plan.programs {
            let without = |need: Need| if program.autoload { need } else { need.can_do_without() };
            needs.extend(self.target(program).map(without));
            needs.extend(self.symbols(plan, program).map(without));
            needs.extend(self.relocations(&local, program).map(without));
        }
        let operations = plan.maps.iter().filter_map(|map| Some((map, map.map.struct_ops.as_ref()?)));
        needs.extend(operations.map(|(map, operations)| {
            let there = self.has(kind::STRUCT, &format!("bpf_struct_ops_{}", operations.type_name));
            Need {
                item: map.map.name.clone(),
                kind: NeedKind::Operations,
                what: operations.type_name.clone(),
                place: String::new(),
                // Modules bring operations of their own.
                answer: if there { Answer::Present } else { Answer::Missing },
            }
        }));
        needs
    }

    fn target(&self, program: &ProgramPlan) -> Option<Need> {
        let KernelType { module, kind, name } = program.btf_target.as_ref()?;
        let answer = match module {
            Some(module) if module != KERNEL => Answer::Unknown,
            _ if self.has(*kind, name) => Answer::Present,
            _ => Answer::Missing,
        };
        let need = Need {
            item: program.name.clone(),
            kind: NeedKind::Target,
            what: name.clone(),
            place: String::new(),
            answer,
        };
        let can_do_without = program.optional || program.instead_of.is_some();
        Some(if can_do_without { need.can_do_without() } else { need })
    }

    fn symbols<'a>(&'a self, plan: &'a Plan, program: &'a ProgramPlan) -> impl Iterator<Item = Need> + 'a {
        let mut indices: Vec<_> = program.symbol_references.iter().map(|reference| reference[1]).collect();
        indices.sort_unstable();
        indices.dedup();
        indices.into_iter().filter_map(|index| plan.symbols.get(index as usize)).map(|symbol| {
            let kind = match symbol.kind {
                SymbolKind::Function(_) => Some(kind::FUNC),
                SymbolKind::Variable(_) => Some(kind::VAR),
                SymbolKind::Address => None,
            };
            let answer = match kind {
                None => Answer::Unknown,
                Some(kind) if self.has(kind, &symbol.kernel_name) => Answer::Present,
                Some(_) => Answer::Missing,
            };
            let need = Need {
                item: program.name.clone(),
                kind: NeedKind::Symbol,
                what: symbol.kernel_name.clone(),
                place: String::new(),
                answer,
            };
            if symbol.weak { need.can_do_without() } else { need }
        })
    }

    /// Whether there is a type of that kind and name.
    fn has(&self, kind: u32, name: &str) -> bool {
        self.named(name).any(|id| self.btf.get(id).is_some_and(|ty| ty.kind == kind))
    }

    fn named(&self, name: &str) -> impl Iterator<Item = u32> + '_ {
        self.names.get(name).into_iter().flatten().copied()
    }
}

impl Need {
    fn can_do_without(mut self) -> Self {
        if self.answer != Answer::Present {
            self.answer = Answer::NotNeeded;
        }
        self
    }
}
