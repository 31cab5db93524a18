//! Our table of section names against libbpf's own.

use preload_object::ProgramKind;

use crate::libbpf;

/// Rows of ours that this version of libbpf does not have yet; they come from its development.
const NEWER: [&str; 11] = [
    "tracepoint.s",
    "tp.s",
    "raw_tracepoint.s",
    "raw_tp.s",
    "tp_btf.s",
    "fsession.multi",
    "fsession.multi.s",
    "fentry.multi",
    "fexit.multi",
    "fentry.multi.s",
    "fexit.multi.s",
];

/// The names of both are the same, in the same order, but for those that libbpf does not have yet.
pub(crate) fn names() -> Result<(), String> {
    let theirs = libbpf::section_names();
    let theirs: Vec<&str> = theirs.iter().map(|name| name.trim_end_matches('+')).collect();
    let ours: Vec<&str> = ProgramKind::all().iter().map(|kind| kind.section).collect();
    let missing: Vec<_> = theirs.iter().filter(|name| !ours.contains(name)).collect();
    let unknown: Vec<_> = ours.iter().copied().filter(|name| !theirs.contains(name)).collect();
    if !missing.is_empty() || unknown != NEWER {
        return Err(format!(
            "libbpf alone has {missing:?}; we alone have {unknown:?}, known of are {NEWER:?}"
        ));
    }
    let shared: Vec<_> = ours.iter().copied().filter(|name| theirs.contains(name)).collect();
    if shared == theirs { Ok(()) } else { Err(format!("order: ours {shared:?}\nlibbpf {theirs:?}")) }
}

/// One row: the types of the name, alone, with what may stand behind it, and with what may not.
pub(crate) fn row(kind: &ProgramKind) -> Result<(), String> {
    let name = kind.section;
    let endings = ["", "/", "/x", "/x/y", "/x:y", "x", ".x", "+", ".s", ".multi", ".s/x"];
    for section in endings.map(|ending| format!("{name}{ending}")) {
        let found = ProgramKind::of_section(&section).map(|(kind, _)| kind);
        if found.is_some_and(|kind| is_newer(kind.section)) {
            continue;
        }
        let ours = found.map(|kind| (kind.program_type, kind.attach_type));
        let theirs = libbpf::section(&section);
        if ours != theirs {
            return Err(format!("`{section}`: ours {ours:?}, libbpf {theirs:?} (program type, attach type)"));
        }
    }
    Ok(())
}

/// Whether libbpf does not have it yet.
pub(crate) fn is_newer(section: &str) -> bool {
    NEWER.contains(&section)
}

/// What was compared, and what could not be.
pub(crate) fn report() {
    let all = ProgramKind::all().len();
    println!("section names with the types of libbpf: {} of {all}", all - NEWER.len());
    println!("  not known to this libbpf: {}", NEWER.join(", "));
}
