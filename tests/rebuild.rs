//! Where the object is found, and that the build follows it: neither stale nor rebuilt for nothing.

mod support;

use support::{Package, object};

/// Prints how many programs the object has: two for `iterators`, one for `ringbuf`.
const MAIN: &str = "#[preload_macros::bpf_preload(\"x.bpf.o\")]
mod x {}

fn main() {
    println!(\"{}\", x::PLAN.programs.len());
}
";

/// The same in a module that gets the object from a macro.
const MAIN_OF_SUB: &str = "object!();

pub fn print() {
    println!(\"{}\", x::PLAN.programs.len());
}
";

const ITERATORS: &str = "2\n";
const RINGBUF: &str = "1\n";

fn package(name: &str) -> Package {
    let package = Package::new(name, "2024");
    package.write("src/main.rs", MAIN);
    package
}

/// What the program prints.
fn run(package: &Package) -> String {
    let outcome = package.cargo("run");
    assert!(outcome.success, "{}", outcome.stderr);
    outcome.stdout
}

#[test]
fn nothing_new_builds_nothing() {
    let package = package("rebuild-nothing");
    package.write("src/x.bpf.o", object("iterators"));
    let compiled = || package.cargo("build").stderr.contains("Compiling rebuild-nothing");
    assert!(compiled());
    assert!(!compiled());
}

#[test]
fn a_changed_object_is_built_anew() {
    let package = package("rebuild-changed");
    package.write("src/x.bpf.o", object("iterators"));
    assert_eq!(run(&package), ITERATORS);
    package.write("src/x.bpf.o", object("ringbuf"));
    assert_eq!(run(&package), RINGBUF);
}

/// A build that went well does not hide that the object is gone, and nothing else must be touched to heal it.
#[test]
fn a_deleted_object_is_missed_until_it_is_back() {
    let package = package("rebuild-deleted");
    package.write("src/x.bpf.o", object("iterators"));
    assert_eq!(run(&package), ITERATORS);

    package.remove("src/x.bpf.o");
    let outcome = package.cargo("build");
    assert!(!outcome.success);
    for part in ["the object \"x.bpf.o\" cannot be read", "--> src/main.rs:1:31", "(beside the source file)"]
    {
        assert!(outcome.stderr.contains(part), "{part} is not in {}", outcome.stderr);
    }

    package.write("src/x.bpf.o", object("ringbuf"));
    assert_eq!(run(&package), RINGBUF);
}

#[test]
fn an_object_that_comes_late_is_found() {
    let package = package("rebuild-late");
    assert!(!package.cargo("build").success);
    package.write("src/x.bpf.o", object("iterators"));
    assert_eq!(run(&package), ITERATORS);
}

#[test]
fn an_object_in_the_package_root_is_found() {
    let package = package("rebuild-root");
    package.write("x.bpf.o", object("iterators"));
    assert_eq!(run(&package), ITERATORS);
    package.write("x.bpf.o", object("ringbuf"));
    assert_eq!(run(&package), RINGBUF);
}

#[test]
fn beside_the_source_file_comes_before_the_package_root() {
    let package = package("rebuild-both");
    package.write("x.bpf.o", object("ringbuf"));
    package.write("src/x.bpf.o", object("iterators"));
    assert_eq!(run(&package), ITERATORS);
}

/// The object of a build script, which compiles C as a rule and copies a file here.
#[test]
fn an_object_that_a_build_script_makes_is_found_and_followed() {
    let package = package("rebuild-script");
    package.write("made/from", object("iterators"));
    package.write(
        "build.rs",
        "fn main() {
    println!(\"cargo::rerun-if-changed=made/from\");
    let out_dir = std::path::PathBuf::from(std::env::var_os(\"OUT_DIR\").unwrap());
    std::fs::copy(\"made/from\", out_dir.join(\"x.bpf.o\")).unwrap();
}
",
    );
    assert_eq!(run(&package), ITERATORS);
    package.write("made/from", object("ringbuf"));
    assert_eq!(run(&package), RINGBUF);
}

/// The file that counts is the one that the path is written in, however deep.
#[test]
fn a_path_starts_at_the_file_it_is_written_in() {
    let package = Package::new("rebuild-deep", "2024");
    package.write("src/main.rs", "mod a;\n\nfn main() {\n    a::b::print();\n}\n");
    package.write("src/a/mod.rs", "pub mod b;\n");
    package.write(
        "src/a/b.rs",
        MAIN.replace("fn main", "pub fn print").replace("x.bpf.o", "../objects/x.bpf.o"),
    );
    package.write("src/objects/x.bpf.o", object("iterators"));
    assert_eq!(run(&package), ITERATORS);
    package.write("src/objects/x.bpf.o", object("ringbuf"));
    assert_eq!(run(&package), RINGBUF);
}

/// So it does inside a macro, wherever that is used: the attribute reads and the compiler watches one file.
#[test]
fn a_path_inside_a_macro_starts_at_the_file_of_the_macro() {
    let package = Package::new("rebuild-macro", "2024");
    package.write("src/main.rs", "#[macro_use]\nmod mac;\nmod sub;\n\nfn main() {\n    sub::print();\n}\n");
    package.write(
        "src/mac.rs",
        "macro_rules! object {
    () => {
        #[preload_macros::bpf_preload(\"x.bpf.o\")]
        mod x {}
    };
}
",
    );
    package.write("src/sub/mod.rs", MAIN_OF_SUB);
    package.write("src/x.bpf.o", object("iterators"));
    assert_eq!(run(&package), ITERATORS);
    package.write("src/x.bpf.o", object("ringbuf"));
    assert_eq!(run(&package), RINGBUF);
    // A file of the same name beside the use is none of its business.
    package.write("src/sub/x.bpf.o", object("iterators"));
    assert_eq!(run(&package), RINGBUF);
}

/// A path that is handed to a macro is written where it is handed over.
#[test]
fn a_path_given_to_a_macro_starts_at_the_file_it_is_written_in() {
    let package = Package::new("rebuild-macro-argument", "2024");
    package
        .write("src/main.rs", "#[macro_use]\nmod macros;\nmod sub;\n\nfn main() {\n    sub::print();\n}\n");
    package.write(
        "src/macros/mod.rs",
        "macro_rules! object {
    ($path:literal) => {
        #[preload_macros::bpf_preload($path)]
        mod x {}
    };
}
",
    );
    package.write("src/sub/mod.rs", MAIN_OF_SUB.replace("object!()", "object!(\"x.bpf.o\")"));
    package.write("src/sub/x.bpf.o", object("iterators"));
    assert_eq!(run(&package), ITERATORS);
    package.write("src/sub/x.bpf.o", object("ringbuf"));
    assert_eq!(run(&package), RINGBUF);
}
