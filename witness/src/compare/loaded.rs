//! What the kernel has of an object after each of the two has loaded it.

use std::os::fd::{AsFd, AsRawFd};

use preload_object::Plan;
use preload_runtime::Skeleton;

use super::{Difference, equal, named, prepared};
use crate::exceptions::Verdict;
use crate::fixtures::Fixture;
use crate::{bpffs, btf, kernel, libbpf};

/// Nothing when both have loaded it; libbpf's words when neither could.
pub(super) fn compare(fixture: &Fixture, plan: &Plan) -> Result<Option<String>, Difference> {
    let Some(load) = fixture.load else {
        return Ok(Some("the attribute asks for more than the object says".into()));
    };
    let (theirs, their_result) = {
        let _bpffs = bpffs::Own::mount()?;
        let mut theirs = libbpf::Object::open(fixture.object_name(), fixture.bytes)?;
        let result = theirs.load();
        (theirs, result)
    };
    let ours = {
        let _bpffs = bpffs::Own::mount()?;
        load().map_err(|error| error.to_string())
    };
    let ours = match (ours, their_result) {
        (Ok(ours), Ok(())) => ours,
        (Err(_), Err(theirs)) => return Ok(Some(theirs)),
        (Ok(_), Err(theirs)) => return Err(Difference::Verdict(Verdict::OnlyOursLoads, theirs)),
        (Err(ours), Ok(())) => return Err(Difference::Verdict(Verdict::OnlyTheirsLoads, ours)),
    };
    let ids = compare_maps(plan, ours.as_ref(), &theirs)?;
    compare_programs(plan, ours.as_ref(), &theirs, &ids)?;
    Ok(None)
}

/// The ids of the maps: ours, libbpf's.
type Ids = (Vec<u32>, Vec<u32>);

fn compare_maps(plan: &Plan, ours: &dyn Skeleton, theirs: &libbpf::Object) -> Result<Ids, String> {
    let mut ids = (Vec::new(), Vec::new());
    for (index, their_map) in theirs.maps().iter().enumerate() {
        let name = plan.maps.get(index).map_or("", |map| map.map.name.as_str());
        let failed = |error| format!("map `{name}`: {error}");
        let map = ours.map_at(index).ok_or_else(|| format!("map `{name}` is not there"))?;
        let (our_id, map) = kernel::map(map.as_fd().as_raw_fd()).map_err(failed)?;
        let (their_id, their_map) = kernel::map(their_map.fd).map_err(failed)?;
        equal(&format!("map `{name}`"), &map, &their_map)?;
        ids.0.push(our_id);
        ids.1.push(their_id);
    }
    Ok(ids)
}

fn compare_programs(
    plan: &Plan,
    ours: &dyn Skeleton,
    theirs: &libbpf::Object,
    (our_ids, their_ids): &Ids,
) -> Result<(), String> {
    let their_btf = theirs.btf_fd().map(kernel::btf).transpose().map_err(|error| error.to_string())?;
    if let Some(their_btf) = &their_btf {
        prepared::compare_types(&plan.btf, their_btf)?;
    }
    let their_programs = theirs.programs();
    for (index, planned) in plan.programs.iter().enumerate() {
        let name = &planned.name;
        let their_program = named(&their_programs, name)?;
        let failed = |error| format!("program `{name}`: {error}");
        let fd = ours.program_at(index).and_then(|program| program.fd()).map(|fd| fd.as_fd().as_raw_fd());
        let their_fd = Some(their_program.fd).filter(|&fd| fd >= 0);
        equal(&format!("`{name}` is loaded"), &fd.is_some(), &their_fd.is_some())?;
        let (Some(fd), Some(their_fd)) = (fd, their_fd) else { continue };
        let mut ours = kernel::program(fd, our_ids).map_err(failed)?;
        let mut theirs = kernel::program(their_fd, their_ids).map_err(failed)?;
        named_lines(&mut ours, &plan.btf);
        named_lines(&mut theirs, their_btf.as_deref().unwrap_or_default());
        compare_program(name, &ours, &theirs)?;
        // The kernel computes the tag of the instructions as they are given, with zeros for descriptors of maps, but not for
        // indices of maps.
        if !refers_to_maps(&ours.insns) {
            equal(&format!("tag of `{name}`"), &ours.tag, &theirs.tag)?;
        }
    }
    Ok(())
}

/// Puts a hash of the text in the place of its offset among the strings, which may be in another order.
fn named_lines(program: &mut kernel::Program, strings: &[u8]) {
    for [_, file, line, _] in &mut program.lines {
        for name in [file, line] {
            let text = btf::string(strings, *name);
            // FNV-1a.
            *name = text
                .bytes()
                .fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        }
    }
}

/// Field by field, so that a difference is shown alone.
fn compare_program(name: &str, ours: &kernel::Program, theirs: &kernel::Program) -> Result<(), String> {
    let of = |what: &str| format!("{what} of `{name}`");
    equal(&of("name"), &ours.name, &theirs.name)?;
    equal(&of("type"), &ours.program_type, &theirs.program_type)?;
    equal(&of("licence"), &ours.gpl_compatible, &theirs.gpl_compatible)?;
    equal(&of("attach_btf_id"), &ours.attach_btf_id, &theirs.attach_btf_id)?;
    equal(&of("number of instructions"), &ours.insns.len(), &theirs.insns.len())?;
    for (at, (ours, theirs)) in ours.insns.iter().zip(&theirs.insns).enumerate() {
        equal(&of(&format!("instruction {at}")), ours, theirs)?;
    }
    equal(&of("verified_insns"), &ours.verified_insns, &theirs.verified_insns)?;
    equal(&of("function records"), &ours.functions, &theirs.functions)?;
    equal(&of("line records"), &ours.lines, &theirs.lines)
}

fn refers_to_maps(insns: &[[u8; 8]]) -> bool {
    insns.iter().any(|insn| insn[0] == 0x18 && matches!(insn[1] >> 4, 1 | 2))
}
