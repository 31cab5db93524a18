//! From C in one step: a build script compiles the source, the attribute finds the object, changes are followed.
//!
//! These tests need clang, and the one with the kernel's types bpftool. Without clang they say that they did not run;
//! with `CI=true` they fail.

mod support;

use std::path::Path;

use support::{Outcome, Package, both, compiler};

const SOURCE: &str = "#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include \"sizes.h\"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ENTRIES);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(\".maps\");

SEC(\"raw_tp/sys_enter\")
int count(void *ctx)
{
	return 0;
}

char LICENSE[] SEC(\"license\") = \"Dual MIT/GPL\";
";

/// Prints the number of entries, which a header gives.
const MAIN: &str = "#[preload_macros::bpf_preload(\"counts.bpf.o\")]
mod counts {}

fn main() {
    println!(\"{}\", counts::PLAN.maps[0].max_entries);
}
";

/// A package with a build script of these lines.
fn package(name: &str, script: &str) -> Package {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dependencies = format!(
        "{}\n[build-dependencies]\npreload-build = {{ path = {:?} }}",
        both(),
        root.join("preload-build")
    );
    let package = Package::with_dependencies(name, "2024", &dependencies);
    package.write("build.rs", format!("fn main() {{\n{script}\n}}\n"));
    package.write("src/main.rs", MAIN).write("src/counts.bpf.c", SOURCE);
    package.write("include/sizes.h", "#define ENTRIES 11\n");
    package
}

const SCRIPT: &str =
    "    let bpf = preload_build::Bpf::new(\"src/counts.bpf.c\").include(\"include\").flag(\"-Wall\");
    if let Err(error) = bpf.compile() { eprintln!(\"{error}\"); std::process::exit(1); }";

fn run(package: &Package, clang: &str) -> Outcome {
    package.cargo_with("run", &[("CLANG", clang)])
}

#[test]
fn source_and_headers_are_followed() {
    let Some(clang) = compiler() else { return };
    let package = package("build-script-followed", SCRIPT);
    assert_eq!(run(&package, &clang).stdout, "11\n");
    package.write("include/sizes.h", "#define ENTRIES 22\n");
    assert_eq!(run(&package, &clang).stdout, "22\n");
    package.write("src/counts.bpf.c", SOURCE.replace("ENTRIES)", "ENTRIES + 1)"));
    assert_eq!(run(&package, &clang).stdout, "23\n");
    let again = run(&package, &clang);
    assert!(!again.stderr.contains("Compiling"), "nothing has changed: {}", again.stderr);
}

#[test]
fn what_clang_says_is_passed_on() {
    let Some(clang) = compiler() else { return };
    let package = package("build-script-words", SCRIPT);
    package.write("src/counts.bpf.c", SOURCE.replace("return 0", "int unused; return 0"));
    let warned = run(&package, &clang);
    assert!(warned.success, "{}", warned.stderr);
    assert!(
        warned.stderr.contains("src/counts.bpf.c:15:6: warning: unused variable 'unused'"),
        "{}",
        warned.stderr
    );

    package.write("src/counts.bpf.c", SOURCE.replace("return 0", "return zero"));
    let failed = run(&package, &clang);
    assert!(!failed.success);
    for part in
        ["src/counts.bpf.c:15:9: error: use of undeclared identifier 'zero'", "failed on src/counts.bpf.c"]
    {
        assert!(failed.stderr.contains(part), "`{part}` is not in {}", failed.stderr);
    }
}

#[test]
fn a_missing_compiler_is_named() {
    let package = package("build-script-compiler", SCRIPT);
    let failed = run(&package, "clang-of-nowhere");
    assert!(!failed.success);
    for part in ["cannot start clang-of-nowhere", "environment variable CLANG"] {
        assert!(failed.stderr.contains(part), "`{part}` is not in {}", failed.stderr);
    }
}

#[test]
fn the_types_of_the_kernel_are_written_down() {
    let Some(clang) = compiler() else { return };
    let script = "    if let Err(error) = preload_build::Bpf::new(\"src/counts.bpf.c\").vmlinux(\"/sys/kernel/btf/vmlinux\").compile() {
        eprintln!(\"{error}\");
        std::process::exit(1);
    }";
    let package = package("build-script-vmlinux", script);
    let source = SOURCE.replace("<linux/bpf.h>", "\"vmlinux.h\"").replace("#include \"sizes.h\"\n", "");
    package.write("src/counts.bpf.c", source.replace("ENTRIES)", "sizeof(struct task_struct) > 1000)"));
    let outcome = run(&package, &clang);
    assert_eq!(outcome.stdout, "1\n", "{}", outcome.stderr);
}
