//! `bpf-preload inspect`: an object as the attribute sees it.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use preload_object::{Choices, Kernel, Map, Object, Plan, Program, ProgramPlan};
use serde::Serialize;

use crate::names;
use crate::table::Table;

/// The first kernel that carries out CO-RE relocations, as the runtime leaves them to it.
const CO_RE: Kernel = Kernel(5, 17);

pub(crate) fn run(path: &Path, json: bool) -> Result<ExitCode> {
    let inspection = Inspection::read(path)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&inspection)?);
    } else {
        print!("{}", inspection.text());
    }
    Ok(ExitCode::SUCCESS)
}

/// What there is to be told; the fields are those of the JSON.
#[derive(Serialize)]
struct Inspection {
    object: String,
    license: String,
    /// The oldest kernel that has all that the object uses, as far as the object tells.
    kernel: String,
    /// Bytes of type information.
    btf: usize,
    maps: Vec<MapReport>,
    programs: Vec<ProgramReport>,
}

#[derive(Serialize)]
struct MapReport {
    name: String,
    #[serde(rename = "type")]
    map_type: String,
    key_size: u32,
    value_size: u32,
    max_entries: u32,
    /// The name of the pin; none for data sections.
    pin: Option<String>,
}

#[derive(Serialize)]
struct ProgramReport {
    name: String,
    section: String,
    #[serde(rename = "type")]
    program_type: String,
    target: Option<String>,
    /// What is still to be said of it; none when `preload` needs nothing more.
    needs: Option<&'static str>,
    instructions: usize,
    co_re_relocations: usize,
    autoload: bool,
    /// The first kernel that loads it.
    since: String,
    /// The first kernel that has a link for it, which can be pinned; none where no kernel has.
    link_since: Option<String>,
    pin: Option<String>,
}

impl Inspection {
    fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let object = match Object::read(&bytes) {
            Ok(object) => object,
            Err(errors) => bail!("{} cannot be preloaded:\n{errors}", path.display()),
        };
        let plan = Plan::new(&object, &object_choices(path));
        let programs: Vec<_> = object.programs().iter().zip(&plan.programs).map(program).collect();
        let kernel = object.programs().iter().zip(&plan.programs).map(|(program, plan)| {
            let co_re = !plan.core_relos.is_empty();
            if co_re { program.kind.since.max(CO_RE) } else { program.kind.since }
        });
        Ok(Self {
            kernel: kernel.max().map(|kernel| kernel.to_string()).unwrap_or_default(),
            object: plan.object.clone(),
            license: plan.license.clone(),
            btf: plan.btf.len(),
            maps: object.maps().iter().map(map).collect(),
            programs,
        })
    }

    fn text(&self) -> String {
        let mut text = format!(
            "object {}, licence {}, {} bytes of type information, Linux {} or newer\n",
            self.object, self.license, self.btf, self.kernel
        );
        let mut maps = Table::new(["map", "type", "key", "value", "entries", "pin"]);
        for map in &self.maps {
            maps.row([
                map.name.clone(),
                map.map_type.clone(),
                map.key_size.to_string(),
                map.value_size.to_string(),
                map.max_entries.to_string(),
                or_dash(map.pin.as_ref()),
            ]);
        }
        let mut programs =
            Table::new(["program", "section", "type", "insns", "CO-RE", "Linux", "link", "pin"]);
        for program in &self.programs {
            programs.row([
                program.name.clone(),
                program.section.clone(),
                program.program_type.clone(),
                program.instructions.to_string(),
                program.co_re_relocations.to_string(),
                program.since.clone(),
                or_dash(program.link_since.as_ref()),
                or_dash(program.pin.as_ref()),
            ]);
        }
        for table in [maps.to_string(), programs.to_string()] {
            if table.lines().count() > 1 {
                text += &format!("\n{table}");
            }
        }
        for program in &self.programs {
            if let Some(needs) = program.needs {
                text +=
                    &format!("\n{} needs {needs}, or `program({}, manual)`\n", program.name, program.name);
            }
        }
        text
    }
}

/// What the attribute chooses when it is told nothing but the path.
pub(crate) fn object_choices(path: &Path) -> Choices {
    Choices { object: object_name(path), ..Choices::default() }
}

fn or_dash(value: Option<&String>) -> String {
    value.cloned().unwrap_or_else(|| "-".into())
}

fn map(map: &Map) -> MapReport {
    MapReport {
        name: map.name.clone(),
        map_type: names::map_type(map.map_type),
        key_size: map.key_size,
        value_size: map.value_size,
        max_entries: map.max_entries,
        pin: map.data.is_none().then(|| map.name.clone()),
    }
}

fn program((program, plan): (&Program, &ProgramPlan)) -> ProgramReport {
    let kind = program.kind;
    let target = program.target.as_ref().map(|target| format!("/{target}")).unwrap_or_default();
    let autoload = if program.autoload { "" } else { "?" };
    ProgramReport {
        name: program.name.clone(),
        section: format!("{autoload}{}{target}", kind.section),
        program_type: names::program_type(kind.program_type),
        target: program.target.clone(),
        needs: plan.attach.is_none().then(|| kind.target()),
        instructions: plan.insns.len() / 8,
        co_re_relocations: plan.core_relos.len() / 16,
        autoload: program.autoload,
        since: kind.since.to_string(),
        link_since: kind.link_since.map(|kernel| kernel.to_string()),
        pin: kind.link_since.map(|_| program.name.clone()),
    }
}

/// The attribute's rule: the file name up to its first dot.
pub(crate) fn object_name(path: &Path) -> String {
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    file.split('.').next().unwrap_or_default().to_owned()
}
