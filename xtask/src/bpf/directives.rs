//! How a BPF source says that it is built in another way than the rest.
//!
//! Without directives, `x.bpf.c` gives `x.bpf.o`. The comment lines a source begins with may hold:
//!
//! | line | meaning |
//! | --- | --- |
//! | `// build-flags: WORDS` | words put at the end of the clang command line, so they win |
//! | `// build-strip: WORDS` | words of one more `llvm-objcopy` run over the finished object |
//! | `// build-with: clang-N` | compiled by this version of clang in place of the usual one |
//! | `// build-dwarf: kept` | DWARF stays in the object, as clang writes it |
//! | `// build-link: FILE.c` | compiled too, and linked behind the source by `bpftool gen object` |
//! | `// build-as: NAME.bpf.o WORDS` | an object of this name, with these flags; replaces `x.bpf.o` |
//!
//! Any of them may be repeated. Those above the first `build-as` hold for every object of the source, those below a
//! `build-as` for that object alone. Words are separated by
//! blanks; there is no quoting. The first line that is neither blank nor a `//` comment ends the directives.

use anyhow::{Context, Result, bail, ensure};

/// An object to make from a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Object {
    /// Its file name; it lies beside the source.
    pub(crate) name: String,
    /// More words for clang.
    pub(crate) flags: Vec<String>,
    /// Words for `llvm-objcopy`, which is left out when there are none.
    pub(crate) strip: Vec<String>,
    /// The major version of clang, where it is not the usual one.
    pub(crate) clang: Option<u32>,
    /// Whether DWARF stays in it.
    pub(crate) dwarf: bool,
    /// More sources, beside the first, that are linked with it.
    pub(crate) link: Vec<String>,
}

/// The objects a source asks for, at least one.
pub(crate) fn parse(source: &str, default_name: &str) -> Result<Vec<Object>> {
    let mut common = Object { name: default_name.to_owned(), ..Object::default() };
    let mut objects: Vec<Object> = Vec::new();

    for line in source.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with("//")) {
        let Some((directive, words)) = split(line) else {
            continue;
        };
        let mut words = words.split_whitespace().map(str::to_owned);
        let object = objects.last_mut().unwrap_or(&mut common);
        match directive {
            "flags" => object.flags.extend(words),
            "strip" => object.strip.extend(words),
            "with" => {
                let version = words.next().and_then(|word| word.strip_prefix("clang-")?.parse().ok());
                let version =
                    version.with_context(|| format!("`{line}`: a compiler is named as `clang-16`"))?;
                object.clang = Some(version);
            }
            "dwarf" => {
                ensure!(words.eq(["kept"]), "`{line}`: DWARF is `kept`, or there is no directive");
                object.dwarf = true;
            }
            "link" => {
                let files: Vec<String> = words.collect();
                // One that ends in .bpf.c would give an object of its own too.
                ensure!(
                    files.iter().all(|file| {
                        file.ends_with(".c") && !file.ends_with(".bpf.c") && !file.contains('/')
                    }),
                    "`{line}`: a file to link lies beside the source and ends in .c, but not in .bpf.c"
                );
                object.link.extend(files);
            }
            "as" => {
                let name = words.next().unwrap_or_default();
                ensure!(
                    name.ends_with(".bpf.o") && !name.contains('/'),
                    "`{line}`: the first word must be the object's file name, ending in .bpf.o"
                );
                let mut object = Object { name, ..common.clone() };
                object.flags.extend(words);
                objects.push(object);
            }
            _ => bail!(
                "`{line}`: the directives are build-flags, build-strip, build-with, build-dwarf, build-link and build-as"
            ),
        }
    }
    Ok(if objects.is_empty() { vec![common] } else { objects })
}

/// `// build-NAME: WORDS` to its two parts; other comments are left alone.
fn split(line: &str) -> Option<(&str, &str)> {
    line.trim_start_matches('/').trim_start().strip_prefix("build-")?.split_once(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(name: &str, flags: &[&str], strip: &[&str]) -> Object {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        Object { name: name.to_owned(), flags: words(flags), strip: words(strip), ..Object::default() }
    }

    #[test]
    fn a_plain_source_gives_one_object() {
        let source = "// SPDX-License-Identifier: MIT\n#include <x.h>\n// build-flags: -DTOO_LATE\n";
        assert_eq!(parse(source, "x.bpf.o").unwrap(), [object("x.bpf.o", &[], &[])]);
    }

    #[test]
    fn flags_add_up() {
        let source = "// build-flags: -mcpu=v2\n//\n\n// build-flags: -DA -DB\nint x;\n";
        assert_eq!(parse(source, "x.bpf.o").unwrap(), [object("x.bpf.o", &["-mcpu=v2", "-DA", "-DB"], &[])]);
    }

    #[test]
    fn several_objects_share_what_stands_above_them() {
        let source = "\
// build-flags: -DALL
// build-as: a.bpf.o -DA
// build-strip: --remove-section=.BTF.ext
// build-as: b.bpf.o
";
        let expected = [
            object("a.bpf.o", &["-DALL", "-DA"], &["--remove-section=.BTF.ext"]),
            object("b.bpf.o", &["-DALL"], &[]),
        ];
        assert_eq!(parse(source, "x.bpf.o").unwrap(), expected);
    }

    #[test]
    fn another_compiler_and_more_sources() {
        let source = "\
// build-link: more.c
// build-as: old.bpf.o
// build-with: clang-14
// build-as: new.bpf.o
// build-dwarf: kept
";
        let link = vec!["more.c".to_owned()];
        let expected = [
            Object { clang: Some(14), link: link.clone(), ..object("old.bpf.o", &[], &[]) },
            Object { link, dwarf: true, ..object("new.bpf.o", &[], &[]) },
        ];
        assert_eq!(parse(source, "x.bpf.o").unwrap(), expected);
    }

    #[test]
    fn mistakes_are_refused() {
        for source in [
            "// build-with: gcc-14",
            "// build-with:",
            "// build-dwarf: gone",
            "// build-link: more.bpf.c",
            "// build-link: ../more.c",
            "// build-flag: -DA",
            "// build-as: x.o",
            "// build-as:",
            "// build-as: ../x.bpf.o",
        ] {
            assert!(parse(source, "x.bpf.o").is_err(), "{source}");
        }
    }
}
