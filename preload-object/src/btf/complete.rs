//! What clang leaves open in a relocatable object: sizes of data sections, offsets of global variables.

use std::collections::{HashMap, HashSet};

use super::{Btf, STATIC, SectionVariable, Type, bad, kind, put_u32};
use crate::elf::{Elf, Symbol};
use crate::error::Error;

impl Btf {
    /// Fills in what only the ELF file knows, as libbpf does when it opens an object: sizes of data
    /// sections, offsets of global variables; hidden symbols become static. The kernel wants the
    /// variables of a section in the order of their offsets.
    pub(crate) fn complete(&mut self, elf: &Elf<'_>) -> Result<(), Error> {
        // Subprograms only: a program is called by the kernel, whoever may name it.
        let text = elf.section(".text").map(|(number, _)| number);
        let hidden: HashSet<&str> = text
            .into_iter()
            .flat_map(|number| elf.symbols_of(number))
            .filter(|symbol| symbol.is_function && symbol.is_hidden)
            .map(|symbol| symbol.name)
            .collect();
        let mut sections = HashSet::new();
        for id in self.ids() {
            let Some(ty) = self.get(id) else { continue };
            match ty.kind {
                kind::DATASEC if !sections.insert(self.name(ty).to_owned()) => {
                    return Err(bad(format!("section `{}` is described twice", self.name(ty))));
                }
                kind::DATASEC => self.complete_section(ty, elf)?,
                kind::FUNC if hidden.contains(self.name(ty)) => {
                    put_u32(&mut self.types, ty.rest - 8, kind::FUNC << 24 | STATIC);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn complete_section(&mut self, section: Type, elf: &Elf<'_>) -> Result<(), Error> {
        let name = self.name(section).to_owned();
        // Sections of externs (.ksyms, .kconfig) exist in BTF only; `externs` sees to them.
        let Some((number, elf_section)) = elf.section(&name) else {
            return Ok(());
        };
        let size = u32::try_from(elf_section.size)
            .map_err(|_| bad(format!("section `{name}` is larger than 4 GiB")))?;

        // A `static` one may have the name of a global one, where an object was put together of several.
        let symbols: HashMap<&str, &Symbol<'_>> = elf
            .symbols_of(number)
            .filter(|symbol| symbol.is_object && !symbol.is_local)
            .map(|symbol| (symbol.name, symbol))
            .collect();

        let mut variables: Vec<SectionVariable> = self.variables(section).collect();
        for variable in &mut variables {
            let Some(ty) = self.get(variable.type_id).filter(|ty| ty.kind == kind::VAR) else {
                return Err(bad(format!("section `{name}` lists something that is not a variable")));
            };
            if self.is_static(ty) {
                continue;
            }
            let variable_name = self.name(ty);
            let symbol = symbols.get(variable_name).ok_or_else(|| {
                bad(format!("variable `{variable_name}` of section `{name}` has no symbol"))
            })?;
            variable.offset = u32::try_from(symbol.value)
                .map_err(|_| bad(format!("variable `{variable_name}` lies outside section `{name}`")))?;
            if symbol.is_hidden {
                put_u32(&mut self.types, ty.rest, STATIC);
            }
        }
        variables.sort_by_key(|variable| variable.offset);
        for pair in variables.windows(2) {
            if let [first, second] = pair {
                if first.offset.checked_add(first.size).is_none_or(|end| end > second.offset) {
                    return Err(bad(format!("variables of section `{name}` overlap")));
                }
            }
        }
        if let Some(last) = variables.last() {
            if last.offset.checked_add(last.size).is_none_or(|end| end > size) {
                return Err(bad(format!("a variable lies outside section `{name}`")));
            }
        }
        self.put_variables(section, &variables, size);
        Ok(())
    }
}
