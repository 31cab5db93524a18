//! Operations: structs of functions that the kernel calls.

use super::ProgramPlan;

/// The operations that a map of `.struct_ops` or `.struct_ops.link` registers.
pub struct StructOpsPlan {
    /// The index of the map in [`Plan::maps`](super::Plan::maps).
    pub map: usize,
    /// The kernel's name of the struct.
    pub type_name: &'static str,
    /// The bytes of the variable, functions as zeros.
    pub contents: &'static [u8],
    /// The members of the struct, as the object declares it.
    pub members: &'static [StructOpsMember],
    /// Its link: a program of no instructions, under the name and with the pin of the operations.
    pub link: ProgramPlan,
}

/// A member of the struct.
#[derive(Debug, PartialEq, Eq)]
pub struct StructOpsMember {
    /// Its name.
    pub name: &'static str,
    /// Bytes from the start of the variable.
    pub offset: u32,
    /// Bytes.
    pub size: u32,
    /// `BTF_KIND_*` behind typedefs and qualifiers.
    pub kind: u32,
    /// The program that is the function, by its index in [`Plan::programs`](super::Plan::programs).
    pub program: Option<usize>,
}
