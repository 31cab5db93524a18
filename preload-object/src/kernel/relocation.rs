//! Whether a kernel has what CO-RE relocations refer to. The rules are those of the kernel and of libbpf: types by name and kind, members by
//! name, through anonymous structs and unions.

use super::{Answer, KernelTypes, Need, NeedKind};
use crate::btf::{Btf, Type, kind, u32_at};
use crate::core_relo::CoreRelo;
use crate::externs::without_flavor;
use crate::plan::ProgramPlan;

/// Bytes of a `struct bpf_core_relo`.
const RECORD: usize = 16;
/// How deep anonymous structs and unions are looked into.
const MAX_DEPTH: usize = 32;

/// `enum bpf_core_relo_kind`: questions, which "no" is an answer to.
const QUESTIONS: [u32; 4] = [2, 8, 10, 12];
/// The type of the object itself, which needs nothing.
const LOCAL: u32 = 6;
/// About a type, and about a value of an enumeration.
const TYPES: [u32; 4] = [7, 8, 9, 12];
const ENUM_VALUES: [u32; 2] = [10, 11];

impl KernelTypes {
    /// What the relocations of a program refer to, each once.
    pub(super) fn relocations(&self, local: &Btf, program: &ProgramPlan) -> impl Iterator<Item = Need> {
        let records = program.core_relos.chunks_exact(RECORD).zip(&program.core);
        let mut records: Vec<_> = records
            .filter_map(|(record, relo)| Some((Relocation::read(record)?, relo)))
            .filter(|(relocation, _)| relocation.kind != LOCAL)
            .collect();
        // As the source has them.
        records.sort_by_key(|(_, relo)| relo.insn);
        let asks = records.iter().any(|(relocation, _)| QUESTIONS.contains(&relocation.kind));
        let mut needs: Vec<Need> = Vec::new();
        for (relocation, CoreRelo { what, place, .. }) in records {
            let answer = match (self.resolves(local, &relocation), QUESTIONS.contains(&relocation.kind)) {
                (true, _) => Answer::Present,
                (false, true) => Answer::NotNeeded,
                (false, false) if asks => Answer::Guarded,
                (false, false) => Answer::Missing,
            };
            let same = |need: &Need| need.what == *what && need.answer == answer;
            if !needs.iter().any(same) {
                needs.push(Need {
                    item: program.name.clone(),
                    kind: NeedKind::Relocation,
                    what: what.clone(),
                    place: place.clone(),
                    answer,
                });
            }
        }
        needs.into_iter()
    }

    fn resolves(&self, local: &Btf, relocation: &Relocation) -> bool {
        let Some(root) = local.get(relocation.type_id) else { return false };
        let name = without_flavor(local.name(root));
        let access: Vec<u32> = local
            .string(relocation.access)
            .unwrap_or_default()
            .split(':')
            .filter_map(|index| index.parse().ok())
            .collect();
        self.named(name).any(|id| {
            let Some(candidate) = self.btf.get(id).filter(|ty| same_kind(root.kind, ty.kind)) else {
                return false;
            };
            if TYPES.contains(&relocation.kind) {
                return true;
            }
            if ENUM_VALUES.contains(&relocation.kind) {
                return self.has_value(local, relocation.type_id, &access, candidate);
            }
            self.has_member(local, relocation.type_id, access.get(1..).unwrap_or_default(), id)
        })
    }

    fn has_value(&self, local: &Btf, type_id: u32, access: &[u32], candidate: Type) -> bool {
        let wanted = local.resolve(type_id).and_then(|(_, ty)| local.enumerator(ty, *access.first()?));
        let Some(wanted) = wanted.map(without_flavor) else { return false };
        let mut values = (0..candidate.count).filter_map(|index| self.btf.enumerator(candidate, index));
        values.any(|value| without_flavor(value) == wanted)
    }

    /// Follows the members that lead from a type of the object, in a type of the kernel.
    fn has_member(&self, local: &Btf, mut from: u32, access: &[u32], mut to: u32) -> bool {
        for &index in access {
            let (Some((_, ours)), Some((_, theirs))) = (local.resolve(from), self.btf.resolve(to)) else {
                return false;
            };
            match ours.kind {
                kind::STRUCT | kind::UNION => {
                    let Some(member) = local.members(ours).nth(index as usize) else { return false };
                    from = member.type_id;
                    // What is inside an anonymous one is found from outside.
                    if member.name.is_empty() {
                        continue;
                    }
                    match self.member(theirs, member.name, MAX_DEPTH) {
                        Some(found) if self.fits(local, from, found) => to = found,
                        _ => return false,
                    }
                }
                kind::ARRAY if theirs.kind == kind::ARRAY => {
                    let (element, count) = self.btf.array(theirs);
                    // One of no elements ends the struct, and is as long as it is.
                    if index >= count && count > 0 {
                        return false;
                    }
                    (from, to) = (local.array(ours).0, element);
                }
                _ => return false,
            }
        }
        true
    }

    /// The type of a member, which may be that of an anonymous struct or union in it.
    fn member(&self, composite: Type, name: &str, depth: usize) -> Option<u32> {
        if !matches!(composite.kind, kind::STRUCT | kind::UNION) {
            return None;
        }
        self.btf.members(composite).find_map(|member| match member.name {
            "" => {
                let (_, inner) = self.btf.resolve(member.type_id)?;
                self.member(inner, name, depth.checked_sub(1)?)
            }
            other => (other == name).then_some(member.type_id),
        })
    }

    /// Whether a member of one type can stand for one of another: of the same kind, whatever its size.
    fn fits(&self, local: &Btf, ours: u32, theirs: u32) -> bool {
        match (local.resolve(ours), self.btf.resolve(theirs)) {
            (Some((_, ours)), Some((_, theirs))) => {
                let composite = |ty: Type| matches!(ty.kind, kind::STRUCT | kind::UNION);
                same_kind(ours.kind, theirs.kind) || composite(ours) && composite(theirs)
            }
            (None, None) => true,
            _ => false,
        }
    }
}

/// Both sizes of enumerations are the same to the kernel.
fn same_kind(one: u32, other: u32) -> bool {
    let kind = |kind| if kind == kind::ENUM64 { kind::ENUM } else { kind };
    kind(one) == kind(other)
}

struct Relocation {
    type_id: u32,
    access: u32,
    kind: u32,
}

impl Relocation {
    fn read(record: &[u8]) -> Option<Self> {
        Some(Self { type_id: u32_at(record, 4)?, access: u32_at(record, 8)?, kind: u32_at(record, 12)? })
    }
}
