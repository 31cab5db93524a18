//! The tables of the floor: a plan as C, with the ids of kernel types.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use preload_object::{Choices, MapChoice, Object, Plan, ProgramChoice};

use crate::tool;

/// The plan of a case, with the pins that the attribute would give it.
pub(crate) fn plan(object: &Object) -> Plan {
    let programs = object
        .programs()
        .iter()
        .map(|program| ProgramChoice { pin: Some(program.name.clone()), ..ProgramChoice::default() });
    let maps =
        object.maps().iter().map(|map| MapChoice { pin: map.data.is_none().then(|| map.name.clone()) });
    let choices = Choices {
        object: "subject".into(),
        programs: programs.collect(),
        maps: maps.collect(),
        ..Choices::default()
    };
    Plan::new(object, &choices)
}

/// Writes the tables, and the bytes that they refer to, into the folder of a case.
pub(crate) fn write(plan: &Plan, folder: &Path) -> Result<()> {
    let mut ids = HashMap::new();
    for target in plan.programs.iter().filter_map(|program| program.btf_target.as_ref()) {
        if !ids.contains_key(&target.name) {
            ids.insert(target.name.clone(), kernel_type(&target.name)?);
        }
    }
    let mut blob = Blob::default();
    let mut text = String::new();
    let (btf, btf_len) = (blob.add(&plan.btf), plan.btf.len());
    writeln!(text, "#define LICENSE {:?}", plan.license)?;
    writeln!(text, "#define MAPS {}\n#define PROGRAMS {}", plan.maps.len(), plan.programs.len())?;
    // One piece: the assembler takes its bytes as they are.
    writeln!(text, "extern const char blob[];")?;
    writeln!(
        text,
        "__asm__(\".section .rodata\\nblob:\\n.incbin \\\"{}\\\"\\n.text\\n\");",
        folder.join("floor.blob").display()
    )?;
    writeln!(text, "#define btf_bytes ({btf})\n#define btf_end ({btf} + {btf_len})")?;
    writeln!(text, "static const struct map maps[MAPS + 1] = {{")?;
    for map in &plan.maps {
        let contents = map.map.data.as_ref().and_then(|data| data.contents.as_deref()).unwrap_or_default();
        let frozen = map.map.data.as_ref().is_some_and(|data| data.frozen);
        writeln!(
            text,
            "{{ {}, {}, {}, {}, {}, {}, {}, {}, {:?}, {}, {} }},",
            map.map.map_type,
            map.map.key_size,
            map.map.value_size,
            map.map.max_entries,
            map.map.flags,
            map.map.btf_key_type_id,
            map.map.btf_value_type_id,
            u8::from(frozen),
            map.kernel_name,
            string(map.pin.as_deref()),
            blob.add(contents),
        )?;
    }
    writeln!(text, "}};\nstatic const struct program programs[PROGRAMS + 1] = {{")?;
    for program in &plan.programs {
        let target = program.btf_target.as_ref().map_or(0, |target| ids[&target.name]);
        writeln!(
            text,
            "{{ {}, {}, {}, {target}, {}, {}, {}, {}, {:?}, {}, {}, {}, {}, {} }},",
            program.program_type,
            program.attach_type,
            program.flags,
            program.insns.len() / 8,
            program.func_info.len() / 8,
            program.line_info.len() / 16,
            program.core_relos.len() / 16,
            program.kernel_name,
            string(program.pin.as_deref()),
            blob.add(&program.insns),
            blob.add(&program.func_info),
            blob.add(&program.line_info),
            blob.add(&program.core_relos),
        )?;
    }
    writeln!(text, "}};")?;
    std::fs::write(folder.join("floor.inc"), text)?;
    std::fs::write(folder.join("floor.blob"), blob.0)?;
    Ok(())
}

/// Bytes that the tables refer to by place.
#[derive(Default)]
struct Blob(Vec<u8>);

impl Blob {
    /// A C expression for the address; 0 for nothing.
    fn add(&mut self, bytes: &[u8]) -> String {
        if bytes.is_empty() {
            return "0".into();
        }
        self.0.resize(self.0.len().next_multiple_of(8), 0);
        let place = self.0.len();
        self.0.extend_from_slice(bytes);
        format!("blob + {place}")
    }
}

fn string(text: Option<&str>) -> String {
    text.map_or("0".into(), |text| format!("{text:?}"))
}

/// The id of a function in the kernel's type information, as bpftool sees it.
fn kernel_type(name: &str) -> Result<u32> {
    let dump =
        tool::output(Command::new("bpftool").args(["btf", "dump", "file", "/sys/kernel/btf/vmlinux"]))?;
    let wanted = format!("FUNC '{name}' ");
    let line = dump.lines().find(|line| line.contains(&wanted));
    let id = line.and_then(|line| line.strip_prefix('[')?.split_once(']')?.0.parse().ok());
    id.with_context(|| format!("the kernel has no function `{name}`"))
}
