//! What CO-RE relocations refer to, in words: for the message about one that the kernel cannot carry out.

use crate::btf::{Btf, Type, kind};
use crate::externs::without_flavor;
use crate::link::Code;

/// One CO-RE relocation, for people.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CoreRelo {
    /// The instruction that is changed.
    pub insn: u32,
    /// What it is about: `struct task_struct.pid`, `enum bpf_map_type::BPF_MAP_TYPE_HASH`, `union x`.
    pub what: String,
    /// Where in the source: `FILE:LINE`; empty without line information.
    pub place: String,
}

/// `enum bpf_core_relo_kind`: those that are about a value of an enumeration, and the first and last about a type.
const ENUM_VALUES: [u32; 2] = [10, 11];
const TYPES: [u32; 5] = [6, 7, 8, 9, 12];

/// The relocations of a program in an order that costs the kernel little. It goes through all of its types for a name, and keeps
/// what it found in a table of 31 places, each for one name (`check_cand_cache`, since 5.17): two names of one place drive each other
/// out as often as relocations go from one to the other. So those of a name follow each other; and programs with the same types,
/// which are loaded one after the other, have them forwards and backwards in turn, so that each begins with what is still there.
pub(crate) fn in_order(code: &Code, btf: &Btf, backwards: bool) -> Vec<[u32; 4]> {
    let mut relos = code.core_relos.clone();
    relos.sort_by_cached_key(|relo| btf.get(relo[1]).map_or("", |ty| without_flavor(btf.name(ty))));
    if backwards {
        relos.reverse();
    }
    relos
}

/// Relocations of a program, in words.
pub(crate) fn describe(relos: &[[u32; 4]], code: &Code, btf: &Btf) -> Vec<CoreRelo> {
    let relo = |&[offset, type_id, access, kind]: &[u32; 4]| {
        let insn = offset / 8;
        let access = btf.string(access).unwrap_or_default();
        CoreRelo { insn, what: what(btf, type_id, access, kind), place: place(code, btf, insn) }
    };
    relos.iter().map(relo).collect()
}

fn what(btf: &Btf, type_id: u32, access: &str, relocation: u32) -> String {
    let mut text = type_name(btf, type_id);
    let mut indices = access.split(':').map(|index| index.parse::<u32>().unwrap_or_default());
    if TYPES.contains(&relocation) {
        return text;
    }
    let first = indices.next().unwrap_or_default();
    if ENUM_VALUES.contains(&relocation) {
        if let Some(name) = btf.resolve(type_id).and_then(|(_, ty)| btf.enumerator(ty, first)) {
            text.push_str("::");
            text.push_str(name);
        }
        return text;
    }
    if first > 0 {
        text.push_str(&format!("[{first}]"));
    }
    let mut id = type_id;
    for index in indices {
        let Some((_, ty)) = btf.resolve(id) else { break };
        match ty.kind {
            kind::STRUCT | kind::UNION => {
                let Some(member) = btf.member(ty, index) else { break };
                if !member.name.is_empty() {
                    text.push('.');
                    text.push_str(member.name);
                }
                id = member.type_id;
            }
            kind::ARRAY => {
                text.push_str(&format!("[{index}]"));
                id = btf.array(ty).0;
            }
            _ => break,
        }
    }
    text
}

/// A type as C names it, without the suffix of a flavor, which the kernel does not see.
fn type_name(btf: &Btf, id: u32) -> String {
    let Some(ty) = btf.get(id) else { return "void".to_owned() };
    let name = without_flavor(btf.name(ty));
    match (keyword(ty), name) {
        (Some(keyword), "") => format!("{keyword} (anonymous)"),
        (Some(keyword), name) => format!("{keyword} {name}"),
        (None, "") => "(anonymous)".to_owned(),
        (None, name) => name.to_owned(),
    }
}

fn keyword(ty: Type) -> Option<&'static str> {
    match ty.kind {
        kind::STRUCT => Some("struct"),
        kind::UNION => Some("union"),
        kind::ENUM | kind::ENUM64 => Some("enum"),
        _ => None,
    }
}

/// The line that an instruction comes from: that of the last record up to it.
fn place(code: &Code, btf: &Btf, insn: u32) -> String {
    let behind = code.lines.partition_point(|line| line[0] <= insn);
    let Some(&[_, file, _, position]) = behind.checked_sub(1).and_then(|at| code.lines.get(at)) else {
        return String::new();
    };
    // Line and column are one word.
    format!("{}:{}", btf.string(file).unwrap_or_default(), position >> 10)
}
