//! Writes one skeleton for each object of the workspace that can be preloaded, and the list of all objects.
//!
//! Nobody adds an object here by hand: whatever lies in the folders below is compared.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use preload_object::Object;

/// Where the objects of the workspace lie.
const FOLDERS: [&str; 2] = ["examples", "tests/bpf"];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut objects = Vec::new();
    for folder in FOLDERS {
        walk(&root.join(folder), &mut objects);
    }
    objects.sort();

    let (mut modules, mut list) = (String::new(), String::new());
    for path in &objects {
        let name = path.strip_prefix(&root).expect("it lies in the workspace");
        let name = name.to_str().expect("its name is UTF-8");
        let path = path.canonicalize().expect("it is there");
        let bytes = fs::read(&path).expect("it can be read");
        let load = match Object::read(&bytes) {
            Ok(object) if can_be_loaded(name, &object) => {
                let module: String =
                    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
                writeln!(modules, "{}", skeleton(&module, name, &object)).expect("a string takes all");
                format!("Some(|| Ok(Box::new(skeletons::{module}::Skel::open().load()?)))")
            }
            _ => "None".to_owned(),
        };
        writeln!(list, "Fixture {{ name: {name:?}, bytes: include_bytes!({path:?}), load: {load} }},")
            .expect("a string takes all");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let text = format!(
        "pub(crate) mod skeletons {{ {modules} }}\npub(crate) static FIXTURES: &[Fixture] = &[{list}];\n"
    );
    fs::write(out.join("fixtures.rs"), text).expect("the build folder can be written");
}

/// Objects that the attribute refuses although they can be read: names that clash in Rust.
const CLASHING: [&str; 2] = ["tests/bpf/upper_case.bpf.o", "tests/bpf/map_like_section.bpf.o"];

/// Whether the attribute takes the object with nothing but what the object says.
fn can_be_loaded(name: &str, object: &Object) -> bool {
    let has_target =
        object.programs().iter().all(|program| !program.kind.needs_target() || program.target.is_some());
    has_target && !CLASHING.contains(&name)
}

/// Nothing is attached or pinned here, so nothing needs a target or a name that a bpffs takes.
fn skeleton(module: &str, path: &str, object: &Object) -> String {
    let mut arguments = String::new();
    for program in object.programs() {
        write!(arguments, ", program({}, manual, pin = false)", raw(&program.name))
            .expect("a string takes all");
    }
    for map in object.maps().iter().filter(|map| map.data.is_none()) {
        write!(arguments, ", map({}, pin = false)", raw(&map.name)).expect("a string takes all");
    }
    format!("#[preload_macros::bpf_preload(\"../{path}\"{arguments})] pub(crate) mod {module} {{}}")
}

/// A name of the C source as an argument.
fn raw(name: &str) -> String {
    match name {
        "self" | "Self" | "super" | "crate" => name.to_owned(),
        _ => format!("r#{name}"),
    }
}

fn walk(folder: &Path, objects: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).expect("a folder of the workspace") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            walk(&path, objects);
        } else if path.to_str().is_some_and(|path| path.ends_with(".bpf.o")) {
            objects.push(path);
        }
    }
}
