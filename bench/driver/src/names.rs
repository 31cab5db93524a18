//! What the others have to be told of a case: names for pins, targets for aya.

use std::fmt::Write as _;

use preload_object::Object;

/// A header for the light skeleton, whose fields are reached by number.
pub(crate) fn header(object: &Object) -> String {
    let programs = object.programs().iter().map(|program| Some(program.name.as_str()));
    // A data section has no pin.
    let maps = object.maps().iter().map(|map| map.data.is_none().then_some(map.name.as_str()));
    let mut text = String::new();
    for (what, names) in [("programs", programs.collect::<Vec<_>>()), ("maps", maps.collect())] {
        let _ = writeln!(text, "#define {} {}", what.to_uppercase(), names.len());
        let _ = write!(text, "static const char *const {what}[] = {{");
        for name in names {
            let _ = match name {
                Some(name) => write!(text, "\"{name}\", "),
                None => write!(text, "0, "),
            };
        }
        // C has no arrays of nothing.
        let _ = writeln!(text, "0 }};");
    }
    text
}

/// A Rust expression: the programs, each with the target of its section name.
pub(crate) fn targets(object: &Object) -> String {
    let pairs = object
        .programs()
        .iter()
        .map(|program| format!("({:?}, {:?})", program.name, program.target.as_deref().unwrap_or_default()));
    format!("&[{}]", pairs.collect::<Vec<_>>().join(", "))
}
