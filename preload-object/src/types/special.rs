//! What in a map value is the kernel's alone: user space sees zeros there, and what it writes is ignored. Memory
//! that holds any of it is not mapped (`enum btf_field_type` and `bpf_map_mmap` of the kernel).

use std::collections::HashMap;

use super::collect::MAX_DEPTH;
use crate::btf::{Btf, kind};

const STRUCTS: [&str; 11] = [
    "bpf_spin_lock",
    "bpf_res_spin_lock",
    "bpf_timer",
    "bpf_wq",
    "bpf_task_work",
    "bpf_list_head",
    "bpf_list_node",
    "bpf_rb_root",
    "bpf_rb_node",
    "bpf_refcount",
    "bpf_dynptr",
];

/// Type tags of pointers.
const POINTERS: [&str; 4] = ["kptr", "kptr_untrusted", "percpu_kptr", "uptr"];

pub(super) fn is_kernels(kind: u32, name: &str) -> bool {
    kind == kind::STRUCT && STRUCTS.contains(&name)
}

/// What is known of each type.
#[derive(Default)]
pub(super) struct Special(HashMap<u32, bool>);

impl Special {
    /// Whether anything of the kind is in a type.
    pub(super) fn holds(&mut self, btf: &Btf, id: u32) -> bool {
        self.look(btf, id, MAX_DEPTH)
    }

    fn look(&mut self, btf: &Btf, id: u32, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let Some((id, ty)) = btf.resolve(id) else { return false };
        if let Some(&known) = self.0.get(&id) {
            return known;
        }
        // No type holds itself, whatever a file says.
        self.0.insert(id, false);
        let holds = match ty.kind {
            kind::PTR => {
                let tag = btf.get(ty.size_or_type).filter(|tag| tag.kind == kind::TYPE_TAG);
                tag.is_some_and(|tag| POINTERS.contains(&btf.name(tag)))
            }
            kind::ARRAY => self.look(btf, btf.array(ty).0, depth),
            kind::STRUCT | kind::UNION => {
                is_kernels(ty.kind, btf.name(ty))
                    || btf.members(ty).any(|member| self.look(btf, member.type_id, depth))
            }
            _ => false,
        };
        self.0.insert(id, holds);
        holds
    }
}
