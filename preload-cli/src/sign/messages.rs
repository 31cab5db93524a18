//! What is signed: the loader of an object, in both forms.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use preload_object::loader::{self, Form, Loader};
use preload_object::signature::{Mismatch, Signature};
use preload_object::{Choices, Object, Plan, ProgramChoice};

use super::Settings;
use crate::inspect::object_name;

/// An object and the loaders made of it.
pub(super) struct Messages {
    name: String,
    object: Vec<u8>,
    hashed: Loader,
    bound: Loader,
}

impl Messages {
    /// Reads the object, and makes of it what the attribute does with these settings.
    ///
    /// Nothing else that the attribute can be told changes what is signed: pins, directories, cookies, what a program is attached to
    /// once it is loaded.
    pub(super) fn read(path: &Path, settings: &Settings) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let object = match Object::read(&bytes) {
            Ok(object) => object,
            Err(errors) => bail!("{} cannot be preloaded:\n{errors}", path.display()),
        };
        let name = object_name(path);
        let programs = choices(&object, settings)?;
        let plan = Plan::new(&object, &Choices { object: name.clone(), programs, ..Choices::default() });
        let generate = |form| {
            loader::generate(&plan, Some(form))
                .with_context(|| format!("{} cannot be signed", path.display()))
        };
        Ok(Self { hashed: generate(Form::Hashed)?, bound: generate(Form::Bound)?, name, object: bytes })
    }

    /// Writes both messages into a directory.
    pub(super) fn write(&self, directory: &Path) -> Result<[(Form, PathBuf); 2]> {
        let [hashed, bound] = [Form::Hashed, Form::Bound].map(|form| {
            let path = directory.join(format!("{}.{}", self.name, extension(form)));
            fs::write(&path, self.of(form)).with_context(|| format!("cannot write {}", path.display()))?;
            anyhow::Ok((form, path))
        });
        Ok([hashed?, bound?])
    }

    /// The signature file, once both messages are signed.
    pub(super) fn with(&self, [hashed, bound]: [Vec<u8>; 2]) -> Result<Signature> {
        Ok(Signature::new(&self.object, (&self.hashed, hashed), (&self.bound, bound))?)
    }

    /// Whether a signature belongs to this object and its loaders.
    pub(super) fn check(&self, signature: &Signature) -> Result<(), Mismatch> {
        signature.check_object(&self.object)?;
        signature.check(&self.hashed, &self.bound)
    }

    fn of(&self, form: Form) -> Vec<u8> {
        match form {
            Form::Hashed => self.hashed.message(form),
            Form::Bound => self.bound.message(form),
        }
    }
}

fn extension(form: Form) -> &'static str {
    match form {
        Form::Hashed => "hashed",
        Form::Bound => "bound",
    }
}

/// What the command line says of programs, in the order of the object.
fn choices(object: &Object, settings: &Settings) -> Result<Vec<ProgramChoice>> {
    let mut choices = vec![ProgramChoice::default(); object.programs().len()];
    let index = |name: &str| {
        let found = object.programs().iter().position(|program| program.name == name);
        found.with_context(|| format!("the object has no program `{name}`"))
    };
    for words in &settings.targets {
        let (name, target) = words
            .split_once('=')
            .with_context(|| format!("`{words}` is no PROGRAM=TARGET, such as `on_open=do_filp_open`"))?;
        let index = index(name)?;
        if let Some(problem) = object.programs()[index].kind.refuse_target(target) {
            bail!("{problem}");
        }
        choices[index].target = Some(target.to_owned());
    }
    for name in &settings.optional {
        choices[index(name)?].optional = true;
    }
    for (choice, program) in choices.iter().zip(object.programs()) {
        if choice.target.is_none() && program.target.is_none() && program.kind.needs_target() {
            bail!("program `{0}` cannot be loaded without a target: --target {0}=..", program.name);
        }
    }
    Ok(choices)
}
