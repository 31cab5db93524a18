//! Linked instructions and types, for objects whose programs this kernel may refuse too.

use std::collections::HashSet;

use preload_object::{Plan, ProgramPlan};

use super::{equal, named};
use crate::libbpf::Object;
use crate::{btf, kernel};

const LD_IMM64: u8 = 0x18;

pub(super) fn compare(plan: &Plan, theirs: &Object) -> Result<(), String> {
    if let Some(fd) = theirs.btf_fd() {
        let theirs = kernel::btf(fd).map_err(|error| format!("libbpf's types: {error}"))?;
        compare_types(&plan.btf, &theirs)?;
    }
    let maps: Vec<i32> = theirs.maps().iter().map(|map| map.fd).collect();
    let programs = theirs.programs();
    for ours in &plan.programs {
        let theirs = named(&programs, &ours.name)?;
        if theirs.autoload {
            compare_insns(ours, &theirs.insns, &maps)?;
        }
    }
    Ok(())
}

/// Type by type; libbpf may add some at the end.
pub(super) fn compare_types(ours: &[u8], theirs: &[u8]) -> Result<(), String> {
    let (ours, theirs) = (btf::types(ours)?, btf::types(theirs)?);
    for (number, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        equal(&format!("type {}", number + 1), ours, theirs)?;
    }
    equal("number of types", &ours.len(), &theirs.len())
}

fn compare_insns(ours: &ProgramPlan, theirs: &[[u8; 8]], maps: &[i32]) -> Result<(), String> {
    let name = &ours.name;
    let insns: Vec<[u8; 8]> = ours.insns.chunks_exact(8).filter_map(|insn| insn.try_into().ok()).collect();
    equal(&format!("instructions of `{name}`"), &insns.len(), &theirs.len())?;
    // Carried out by the kernel for us, and by libbpf itself.
    let relocated: HashSet<usize> = ours
        .core_relos
        .chunks_exact(16)
        .filter_map(|record| Some(u32::from_le_bytes(record.get(..4)?.try_into().ok()?) as usize / 8))
        // Known at load, and in the plan what they are for a kernel without the symbol.
        .chain(ours.symbol_references.iter().map(|&[insn, _]| insn as usize))
        .collect();

    let mut at = 0;
    while let (Some(our), Some(their)) = (insns.get(at), theirs.get(at)) {
        let wide = our[0] == LD_IMM64;
        if !relocated.contains(&at) {
            let their = if wide { by_place(*their, maps) } else { *their };
            equal(&format!("instruction {at} of `{name}`"), our, &their)?;
            if wide {
                let halves = (insns.get(at + 1), theirs.get(at + 1));
                equal(&format!("second half of instruction {at} of `{name}`"), &halves.0, &halves.1)?;
            }
        }
        at += if wide { 2 } else { 1 };
    }
    Ok(())
}

/// A map by its place among those of the object, where libbpf has a descriptor.
fn by_place(mut insn: [u8; 8], maps: &[i32]) -> [u8; 8] {
    // BPF_PSEUDO_MAP_FD and _VALUE, to BPF_PSEUDO_MAP_IDX and _IDX_VALUE.
    let pseudo = match insn[1] >> 4 {
        1 => 5,
        2 => 6,
        _ => return insn,
    };
    let [_, _, _, _, fd @ ..] = insn;
    if let Some(place) = maps.iter().position(|map| map.to_le_bytes() == fd) {
        insn[1] = insn[1] & 0x0f | pseudo << 4;
        insn[4..].copy_from_slice(&(place as u32).to_le_bytes());
    }
    insn
}
