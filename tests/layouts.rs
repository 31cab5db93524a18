//! The types that the attribute makes lie in memory as those of C: held against what a C compiler makes of bpftool's dump
//! of the same types.
//!
//! That the Rust types lie where [`Types`] says is asserted in what the attribute generates; this is about [`Types`].

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use preload_object::{BitField, Field, Item, ItemKind, Object, Type, Types};

const OBJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bpf/types/layouts.bpf.o");

/// What C is asked, and what it should say.
#[derive(Default)]
struct Questions {
    program: String,
    expected: Vec<String>,
}

impl Questions {
    /// A number of C.
    fn number(&mut self, name: &str, expression: &str, expected: impl Into<i128>) {
        writeln!(self.program, "printf(\"%s %lld\\n\", \"{name}\", (long long)({expression}));").unwrap();
        self.expected.push(format!("{name} {}", expected.into()));
    }

    /// The bits that are set in a struct when all those of a bit-field are.
    fn bits(&mut self, of: &str, name: &str, size: u32, first: u32, width: u32) {
        writeln!(self.program, "{{ {of} value; memset(&value, 0, sizeof(value)); value.{name} = -1LL;")
            .unwrap();
        writeln!(self.program, "printf(\"%s\", \"{of}.{name} \"); print(&value, sizeof(value)); }}").unwrap();
        let mut bytes = vec![0_u8; size as usize];
        for bit in first..first + width {
            bytes[bit as usize / 8] |= 1 << (bit % 8);
        }
        let bytes: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.expected.push(format!("{of}.{name} {bytes}"));
    }

    /// The members of an item, which is at `path` inside of the C type `of`, at an offset.
    fn members(&mut self, types: &Types, of: &Outer<'_>, item: &Item, path: &str, at: u32) {
        let (fields, bits): (&[Field], &[BitField]) = match &item.kind {
            ItemKind::Struct { fields, bits, .. } | ItemKind::Bytes { fields, bits } => (fields, bits),
            ItemKind::Enum { .. } => (&[], &[]),
        };
        for field in fields.iter().filter(|field| !field.hidden) {
            let at = at + field.offset;
            // A member without a name: what is in it counts as part of what is around it.
            let unnamed = field.name.starts_with("anon_");
            let here = if unnamed {
                path.trim_end_matches('.').to_owned()
            } else {
                format!("{path}{}", in_c(&field.name))
            };
            if !unnamed {
                self.number(&format!("{}.{here}", of.name), &format!("offsetof({}, {here})", of.name), at);
                let size = types.size(&field.ty);
                // A flexible array has no size in C.
                if size > 0 {
                    self.number(
                        &format!("sizeof {}.{here}", of.name),
                        &format!("sizeof((({} *)0)->{here})", of.name),
                        size,
                    );
                }
            }
            let (inner, elements) = element(&field.ty);
            if let Type::Item(index) = inner {
                let inner = &types.items[*index];
                // Those with names have their own turn.
                if inner.c_name.starts_with("an ") {
                    let dot = if here.is_empty() { "" } else { "." };
                    self.members(types, of, inner, &format!("{here}{elements}{dot}"), at);
                }
            }
        }
        for bit in bits {
            let storage = bit.storage.as_ref().map_or(0, |storage| {
                fields.iter().find(|field| field.name == *storage).expect("a storage").offset
            });
            let first = (at + storage) * 8 + bit.start;
            self.bits(of.name, &format!("{path}{}", bit.name), of.size, first, bit.width);
        }
    }
}

/// The name in C of one that cannot be a name in Rust.
fn in_c(name: &str) -> &str {
    match name {
        "self_" => "self",
        name => name,
    }
}

/// The type that questions are about.
struct Outer<'a> {
    name: &'a str,
    size: u32,
}

/// The element behind all dimensions of an array, and how C gets there.
fn element(ty: &Type) -> (&Type, String) {
    match ty {
        Type::Array(inner, _) => {
            let (inner, path) = element(inner);
            (inner, format!("[0]{path}"))
        }
        ty => (ty, String::new()),
    }
}

fn questions(types: &Types) -> Questions {
    let mut questions = Questions::default();
    for item in types.items.iter().filter(|item| !item.c_name.starts_with("an ")) {
        let name = item.c_name.as_str();
        questions.number(&format!("sizeof {name}"), &format!("sizeof({name})"), item.size);
        // Rust's may be less strict, where the offsets are as they are all the same.
        questions.number(&format!("alignment of {name}"), &format!("_Alignof({name}) >= {}", item.align), 1);
        if let ItemKind::Enum { values, .. } = &item.kind {
            for (value, number) in values {
                questions.number(value, value, *number);
            }
        }
        questions.members(types, &Outer { name, size: item.size }, item, "", 0);
    }
    questions
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// What C says, a line for each question.
fn answers(folder: &Path, program: &str) -> String {
    let types = output(Command::new("bpftool").args(["btf", "dump", "file", OBJECT, "format", "c"]));
    // Older bpftools do not say that an enum is shorter than an `int`; newer ones do, by its mode.
    let types = types.replace("\tSOME = 200,\n};", "\tSOME = 200,\n} __attribute__((packed));");
    fs::write(folder.join("types.h"), types).unwrap();
    let source = folder.join("layouts.c");
    fs::write(
        &source,
        format!(
            "#define BPF_NO_PRESERVE_ACCESS_INDEX\n#include <stdio.h>\n#include <stddef.h>\n#include <string.h>\n\
             #include \"types.h\"\n\
             static void print(const void *from, size_t size)\n{{\n\
             \tfor (size_t i = 0; i < size; i++)\n\t\tprintf(\"%02x\", ((const unsigned char *)from)[i]);\n\
             \tputs(\"\");\n}}\n\
             int main(void)\n{{\n{program}return 0;\n}}\n"
        ),
    )
    .unwrap();
    let binary = folder.join("layouts");
    let cc = env::var_os("CC").unwrap_or_else(|| "cc".into());
    output(Command::new(cc).args(["-std=gnu11", "-w", "-o"]).arg(&binary).arg(&source));
    output(&mut Command::new(binary))
}

#[test]
fn rust_and_c_agree() {
    let object = Object::read(&fs::read(OBJECT).unwrap()).expect("the object");
    let Questions { program, expected } = questions(&Types::new(&object));
    let folder = tempfile::tempdir().unwrap();
    let answers = answers(folder.path(), &program);
    let answers: Vec<&str> = answers.lines().collect();
    assert!(expected.len() > 100, "only {} questions", expected.len());
    assert_eq!(answers, expected);
}
