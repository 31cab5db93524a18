//! Declarations of what the object leaves to the loader, and the form in which the kernel takes them.
//!
//! The kernel knows no extern variables, and no extern functions that a data section lists. What they become is
//! what libbpf makes of them, so that the types of an object are the same whoever loads it.

use std::collections::HashMap;

use super::{Btf, kind, put_u32};

/// `BTF_VAR_GLOBAL_ALLOCATED` and `BTF_FUNC_GLOBAL`.
const GLOBAL: u32 = 1;
/// `BTF_VAR_GLOBAL_EXTERN` and `BTF_FUNC_EXTERN`.
const EXTERN: u32 = 2;

/// An extern variable or function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Declaration {
    /// Number of the variable or function itself.
    pub(crate) id: u32,
    /// Type of the variable, prototype of the function.
    pub(crate) type_id: u32,
    pub(crate) is_function: bool,
}

/// How the BTF of an integer says what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Integer {
    pub(crate) size: u32,
    pub(crate) signed: bool,
    pub(crate) boolean: bool,
}

impl Btf {
    /// The externs that a section lists, by name; those of one name that are declared more than once come apart.
    pub(crate) fn externs(&self, section: &str) -> Vec<(String, Declaration)> {
        let Some(&(_, section)) = self.data_sections().get(section) else { return Vec::new() };
        let declaration = |id| {
            let ty = self.get(id)?;
            let is_function = ty.kind == kind::FUNC;
            let linkage = if is_function { ty.count } else { self.word(ty.rest) };
            let known = (is_function || ty.kind == kind::VAR) && linkage == EXTERN;
            let declaration = Declaration { id, type_id: ty.size_or_type, is_function };
            known.then(|| (self.name(ty).to_owned(), declaration))
        };
        self.variables(section).filter_map(|variable| declaration(variable.type_id)).collect()
    }

    /// What an integer behind typedefs and qualifiers is; none for other types, and for those that are part of
    /// something.
    pub(crate) fn integer(&self, id: u32) -> Option<Integer> {
        const SIGNED: u32 = 1 << 24;
        const BOOL: u32 = 4 << 24;
        let (_, ty) = self.resolve(id).filter(|(_, ty)| ty.kind == kind::INT)?;
        let encoding = self.word(ty.rest);
        Some(Integer { size: ty.size_or_type, signed: encoding & SIGNED != 0, boolean: encoding & BOOL != 0 })
    }

    /// The type behind qualifiers is `void`.
    pub(crate) fn is_void(&self, mut id: u32) -> bool {
        for _ in self.ids() {
            match self.get(id) {
                None => return id == 0,
                Some(ty) if matches!(ty.kind, kind::CONST | kind::VOLATILE | kind::RESTRICT) => {
                    id = ty.size_or_type;
                }
                Some(_) => return false,
            }
        }
        false
    }

    /// The alignment of a type as C has it; 1 for what has none.
    pub(crate) fn align_of(&self, id: u32) -> u32 {
        self.align_inside(id, 0)
    }

    fn align_inside(&self, id: u32, depth: u32) -> u32 {
        // No sensible type is nested so deep; a circle would be.
        const DEEPEST: u32 = 32;
        let Some((_, ty)) = self.resolve(id).filter(|_| depth < DEEPEST) else { return 1 };
        match ty.kind {
            kind::INT | kind::ENUM | kind::ENUM64 | kind::FLOAT => ty.size_or_type.clamp(1, 8),
            kind::PTR => 8,
            kind::ARRAY => self.align_inside(self.array(ty).0, depth + 1),
            kind::STRUCT | kind::UNION => {
                self.members(ty).map(|member| self.align_inside(member.type_id, depth + 1)).max().unwrap_or(1)
            }
            _ => 1,
        }
    }

    /// Makes the variables of `.kconfig` those of a data section, each at its place.
    pub(crate) fn place_config(&mut self, places: &HashMap<u32, u32>, size: u32) {
        let Some(&(_, section)) = self.data_sections().get(".kconfig") else { return };
        let mut variables: Vec<_> = self.variables(section).collect();
        for variable in &mut variables {
            variable.offset = places.get(&variable.type_id).copied().unwrap_or_default();
            if let Some(ty) = self.get(variable.type_id) {
                put_u32(&mut self.types, ty.rest, GLOBAL);
            }
        }
        variables.sort_by_key(|variable| variable.offset);
        self.put_variables(section, &variables, size);
    }

    /// Makes the functions of `.ksyms` global and its variables integers, as libbpf does: the kernel checks what they
    /// are when it checks the program, and refuses declarations of functions that are defined nowhere.
    pub(crate) fn settle_kernel_symbols(&mut self) {
        let Some(&(_, section)) = self.data_sections().get(".ksyms") else { return };
        let mut variables: Vec<_> = self.variables(section).collect();
        let is_function = |btf: &Self, id| btf.get(id).is_some_and(|ty| ty.kind == kind::FUNC);
        let integer = self.int_type();
        let placeholder = variables
            .iter()
            .any(|variable| is_function(self, variable.type_id))
            .then(|| self.push_variable("dummy_ksym", integer));
        for (variable, offset) in variables.iter_mut().zip((0..).step_by(4)) {
            let Some(ty) = self.get(variable.type_id) else { continue };
            if let (kind::FUNC, Some((placeholder, name))) = (ty.kind, placeholder) {
                // The kernel wants names of the parameters.
                self.name_parameters(ty.size_or_type, name);
                put_u32(&mut self.types, ty.rest - 8, kind::FUNC << 24 | GLOBAL);
                variable.type_id = placeholder;
            } else {
                put_u32(&mut self.types, ty.rest, GLOBAL);
                put_u32(&mut self.types, ty.rest - 4, integer);
            }
            (variable.offset, variable.size) = (offset, 4);
        }
        let size = 4 * variables.len() as u32;
        self.put_variables(section, &variables, size);
    }

    fn name_parameters(&mut self, prototype: u32, name: u32) {
        let Some(prototype) = self.get(prototype).filter(|ty| ty.kind == kind::FUNC_PROTO) else { return };
        for parameter in 0..prototype.count as usize {
            let at = prototype.rest + parameter * 8;
            if self.word(at) == 0 && self.word(at + 4) != 0 {
                put_u32(&mut self.types, at, name);
            }
        }
    }

    /// An integer of 32 bits; added where there is none.
    fn int_type(&mut self) -> u32 {
        let found =
            self.ids().find(|&id| self.get(id).is_some_and(|ty| ty.kind == kind::INT && self.is_int32(id)));
        found.unwrap_or_else(|| {
            let name = self.push_string("int");
            const SIGNED_32: u32 = 1 << 24 | 32;
            self.push_type([name, kind::INT << 24, 4, SIGNED_32])
        })
    }

    /// Adds a variable; its number, and the place of its name.
    fn push_variable(&mut self, name: &str, type_id: u32) -> (u32, u32) {
        let name = self.push_string(name);
        (self.push_type([name, kind::VAR << 24, type_id, GLOBAL]), name)
    }
}
