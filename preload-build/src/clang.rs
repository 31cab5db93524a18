//! One run of clang, and what cargo is told about it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;
use crate::{Bpf, Build, vmlinux};

/// Names the compiler, where it is not `clang`.
const VARIABLE: &str = "CLANG";

pub(crate) fn compile(bpf: &Bpf, build: &Build) -> Result<PathBuf, Error> {
    let source = build.package.join(&bpf.source);
    let name = object_name(&bpf.source)?;
    let object = build.out_dir.join(&name);
    let list = build.out_dir.join(&name).with_extension("d");

    println!("cargo::rerun-if-env-changed={VARIABLE}");
    // Also where it is not there yet: cargo runs the script again once it is.
    println!("cargo::rerun-if-changed={}", source.display());
    let headers = build.out_dir.join("preload-build");
    if let Some(btf) = &bpf.vmlinux {
        let btf = build.package.join(btf);
        println!("cargo::rerun-if-changed={}", btf.display());
        fs::create_dir_all(&headers).map_err(|error| Error::File(headers.clone(), error))?;
        vmlinux::write(&btf, &headers)?;
    }

    let compiler = env::var_os(VARIABLE).unwrap_or_else(|| "clang".into());
    let mut clang = Command::new(&compiler);
    clang.current_dir(&build.package).args(defaults(build));
    if bpf.vmlinux.is_some() {
        clang.arg("-I").arg(&headers);
    }
    for folder in &bpf.includes {
        clang.arg("-I").arg(build.package.join(folder));
    }
    clang.args(&bpf.flags).arg("-MD").arg("-MF").arg(&list);
    clang.arg("-c").arg(&bpf.source).arg("-o").arg(&object);

    let program = compiler.to_string_lossy().into_owned();
    let output = clang.output().map_err(|error| Error::CannotStart {
        program: program.clone(),
        package: "clang libbpf-dev linux-libc-dev",
        error,
    })?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        eprint!("{said}");
        return Err(Error::Failed { program, input: bpf.source.clone(), status: output.status });
    }
    for line in said.lines() {
        println!("cargo::warning={line}");
    }
    let rule = fs::read_to_string(&list).map_err(|error| Error::File(list, error))?;
    for header in prerequisites(&rule) {
        let header = build.package.join(header);
        // A header that this script has made is as new as the script's last run.
        if !header.starts_with(&build.out_dir) {
            println!("cargo::rerun-if-changed={}", header.display());
        }
    }
    Ok(object)
}

/// `src/guard.bpf.c` gives `guard.bpf.o`.
fn object_name(source: &Path) -> Result<OsString, Error> {
    let name = Path::new(source.file_name().ok_or_else(|| Error::NoName(source.into()))?);
    Ok(name.with_extension("o").into_os_string())
}

fn defaults(build: &Build) -> Vec<OsString> {
    let target = if build.endian == "big" { "bpfeb" } else { "bpfel" };
    // The names that bpf_tracing.h asks for.
    let machine = match build.arch.as_str() {
        "x86_64" => "x86",
        "aarch64" => "arm64",
        "riscv64" => "riscv",
        other => other,
    };
    let mut words: Vec<OsString> = ["-g", "-O2", "-mcpu=v3", "-target", target].map(OsString::from).to_vec();
    words.push(format!("-D__TARGET_ARCH_{machine}").into());
    // The package may lie anywhere; the line information names its files as it does.
    words.push(format!("-ffile-prefix-map={}=.", build.package.display()).into());
    // Of the host: the headers are those of the machine that compiles.
    let own = format!("/usr/include/{}-linux-gnu", env::consts::ARCH);
    if Path::new(&own).is_dir() {
        words.push(format!("-I{own}").into());
    }
    words
}

/// The files behind the colon of a rule for make.
fn prerequisites(rule: &str) -> Vec<PathBuf> {
    let mut files = vec![String::new()];
    let mut rest = rule.split_once(": ").map_or("", |(_, rest)| rest).chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                // The rule goes on in the next line.
                Some('\n') | None => files.push(String::new()),
                // A blank or a `#` of the name.
                Some(escaped @ (' ' | '#')) => push(&mut files, escaped),
                Some(other) => {
                    push(&mut files, '\\');
                    push(&mut files, other);
                }
            },
            // Make's own way of saying one.
            '$' if rest.as_str().starts_with('$') => {
                rest.next();
                push(&mut files, '$');
            }
            c if c.is_whitespace() => files.push(String::new()),
            c => push(&mut files, c),
        }
    }
    files.into_iter().filter(|file| !file.is_empty()).map(PathBuf::from).collect()
}

fn push(files: &mut [String], c: char) {
    if let Some(file) = files.last_mut() {
        file.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_called_like_its_source() {
        assert_eq!(object_name(Path::new("src/guard.bpf.c")).unwrap(), "guard.bpf.o");
        assert!(object_name(Path::new("..")).is_err());
    }

    #[test]
    fn a_rule_names_source_and_headers() {
        let rule = "/out dir/x.o: src/x.bpf.c \\\n  /usr/include/a.h src/with\\ blank.h \\\n  src/b$$.h\n";
        let files = prerequisites(rule.strip_prefix("/out dir/").unwrap());
        let expected = ["src/x.bpf.c", "/usr/include/a.h", "src/with blank.h", "src/b$.h"];
        assert_eq!(files, expected.map(PathBuf::from));
        assert!(prerequisites("").is_empty());
    }
}
