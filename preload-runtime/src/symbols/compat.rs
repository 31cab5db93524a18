//! Whether a type of the object can be taken for one of the kernel's: the rules of CO-RE, which libbpf goes by for
//! symbols as well (`bpf_core_types_are_compat`).

use crate::btf::{Graph, kind};

/// Pointers, arrays and prototypes that are followed.
const DEEPEST: u32 = 32;

/// Names do not count, nor do sizes and members: those of a struct are found one by one, by name.
pub(super) fn compatible(object: Graph<'_>, local: u32, kernel: Graph<'_>, target: u32) -> bool {
    inside(object, local, kernel, target, DEEPEST)
}

fn inside(object: Graph<'_>, local: u32, kernel: Graph<'_>, target: u32, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let (Some((local, ours)), Some((target, theirs))) = (object.resolve(local), kernel.resolve(target))
    else {
        return false;
    };
    // Nothing is said of it but that it is a struct or a union, as of one that is only pointed to.
    if ours.kind == kind::FWD && matches!(theirs.kind, kind::STRUCT | kind::UNION) {
        return true;
    }
    let is_enum = |kind| matches!(kind, kind::ENUM | kind::ENUM64);
    if ours.kind != theirs.kind && !(is_enum(ours.kind) && is_enum(theirs.kind)) {
        return false;
    }
    match ours.kind {
        kind::VOID | kind::STRUCT | kind::UNION | kind::ENUM | kind::ENUM64 | kind::FWD => true,
        kind::INT => !object.is_shifted_integer(local, ours) && !kernel.is_shifted_integer(target, theirs),
        kind::PTR => inside(object, ours.size_or_type, kernel, theirs.size_or_type, depth),
        kind::ARRAY => match (object.array(local, ours), kernel.array(target, theirs)) {
            (Some((local, _)), Some((target, _))) => inside(object, local, kernel, target, depth),
            _ => false,
        },
        kind::FUNC_PROTO => {
            let parameter = |number| {
                let ours = object.parameter(local, ours, number);
                ours.zip(kernel.parameter(target, theirs, number))
                    .is_some_and(|(local, target)| inside(object, local, kernel, target, depth))
            };
            ours.count == theirs.count
                && (0..ours.count).all(parameter)
                && inside(object, ours.size_or_type, kernel, theirs.size_or_type, depth)
        }
        _ => false,
    }
}
