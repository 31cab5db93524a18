//! What the arguments mean for this object: settings brought to its programs and maps, checked.

use preload_object::{
    Choices, MapChoice, Object, Place, Program, ProgramChoice, ProgramKind, Setting, Types, Way,
};
use proc_macro2::Span;
use syn::LitStr;
use syn::ext::IdentExt;

use crate::args::{Args, Item, Pin};
use crate::constants;
use crate::ctxt::Ctxt;

/// The longest name that a file can have.
const NAME_MAX: usize = 255;

/// The choices, and the directory of the pins.
pub(crate) fn choices(
    ctxt: &Ctxt,
    args: &Args,
    object: &Object,
    types: &Types,
    name: &str,
) -> (Choices, String) {
    unknown(
        ctxt,
        "program",
        args.programs.iter(),
        object.programs().iter().map(|program| program.name.as_str()),
    );
    let (defined, data): (Vec<_>, Vec<_>) = object.maps().iter().partition(|map| map.data.is_none());
    let (of_data, others): (Vec<_>, Vec<_>) = args.maps.iter().partition(|item| {
        data.iter().any(|map| item.name == crate::names::identifier(map.name.trim_start_matches('.')))
    });
    for item in of_data {
        let message =
            format_args!("`{}` is a data section, which is never pinned and has no settings", item.name);
        ctxt.error(item.name.span(), message);
    }
    unknown(ctxt, "map", others.into_iter(), defined.iter().map(|map| map.name.as_str()));

    let mut taken: Vec<(String, String)> = Vec::new();
    let mut take = |pin: Option<String>, of: &str, span: Span| {
        let pin = pin?;
        if let Some((_, other)) = taken.iter().find(|(name, _)| *name == pin) {
            ctxt.error(
                span,
                format_args!(
                    "`{other}` and `{of}` would both be pinned as `{pin}`; give one of them another name with `pin = \"..\"`"
                ),
            );
        }
        taken.push((pin.clone(), of.to_owned()));
        Some(pin)
    };

    let programs = object.programs().iter().enumerate().map(|(index, program)| {
        let item = settings(&args.programs, &program.name);
        let has_link = program.kind.way != Way::StructOps;
        let pin = if has_link { pin(ctxt, item, &program.name, args.path.span()) } else { None };
        let place = place(ctxt, item, program, object);
        ProgramChoice {
            target: target(ctxt, item, program, &place, args.path.span()),
            place: place.found(),
            manual: item.is_some_and(|item| item.manual.is_some()),
            cookie: cookie(ctxt, item, program),
            optional: item.is_some_and(|item| item.optional.is_some()),
            instead_of: instead_of(ctxt, item, object, index),
            pin: take(pin, &program.name, item.map_or(args.path.span(), |item| item.name.span())),
        }
    });
    let programs = programs.collect();
    let maps = object.maps().iter().map(|map| {
        let item = settings(&args.maps, &map.name);
        // A data section is memory of its programs, not something that others look up; a new set starts with
        // new values. A map that objects share by its name belongs to none of them.
        let pin = if map.data.is_some() || (map.pinned_by_name && item.is_none_or(|item| item.pin.is_none()))
        {
            None
        } else {
            pin(ctxt, item, &map.name, args.path.span())
        };
        MapChoice { pin: take(pin, &map.name, item.map_or(args.path.span(), |item| item.name.span())) }
    });
    let (maps, variables) = (maps.collect(), constants::choices(ctxt, &args.sections, object, types));
    let choices = Choices { object: name.to_owned(), maps, programs, variables };

    let directory = args.directory.as_ref().map(|literal| {
        check_name(ctxt, literal.span(), "the name of the directory", &literal.value());
        literal.value()
    });
    let directory = directory.unwrap_or_else(|| name.to_owned());
    let shared = object.maps().iter().find(|map| map.pinned_by_name && map.name == directory);
    if let (Some(map), None) = (shared, &args.pin_root) {
        ctxt.error(
            args.path.span(),
            format_args!(
                "map `{}` is pinned by its name where the directory of the other pins goes; give that another name with \
                 `dir = \"..\"`, or the map another place with `pin_root = \"..\"`",
                map.name
            ),
        );
    }
    (choices, directory)
}

/// The directory of maps that are pinned by name.
pub(crate) fn pin_root(ctxt: &Ctxt, args: &Args) -> Option<String> {
    /// The kernel's `PATH_MAX`, less the final NUL.
    const PATH_MAX: usize = 4095;

    let literal = args.pin_root.as_ref()?;
    let path = literal.value();
    if !path.starts_with('/') || path.contains('\0') || path.len() > PATH_MAX {
        ctxt.error(
            literal.span(),
            "write the path of a directory in a bpffs, from the root: `/sys/fs/bpf/shared`",
        );
    }
    Some(path)
}

fn settings<'a>(items: &'a [Item], name: &str) -> Option<&'a Item> {
    items.iter().find(|item| item.name == name || item.name.to_string().strip_prefix("r#") == Some(name))
}

fn unknown<'a>(
    ctxt: &Ctxt,
    what: &str,
    items: impl Iterator<Item = &'a Item>,
    names: impl Iterator<Item = &'a str>,
) {
    let names: Vec<&str> = names.collect();
    for item in items {
        if !names.iter().any(|name| settings(std::slice::from_ref(item), name).is_some()) {
            let known =
                if names.is_empty() { "none".to_owned() } else { format!("`{}`", names.join("`, `")) };
            ctxt.error(
                item.name.span(),
                format_args!("the object has no {what} `{}`; it has {known}", item.name),
            );
        }
    }
}

fn pin(ctxt: &Ctxt, item: Option<&Item>, name: &str, path: Span) -> Option<String> {
    match item.and_then(|item| item.pin.as_ref()) {
        Some(Pin::No) => None,
        Some(Pin::Named(literal)) => {
            check_name(ctxt, literal.span(), "the pin name", &literal.value());
            Some(literal.value())
        }
        None => {
            check_name(ctxt, path, "the pin name", name);
            Some(name.to_owned())
        }
    }
}

/// The program that another one stands in for, which comes before it.
fn instead_of(ctxt: &Ctxt, item: Option<&Item>, object: &Object, index: usize) -> Option<usize> {
    let other = item.and_then(|item| item.instead_of.as_ref())?;
    let name = other.unraw().to_string();
    let problem = match object.programs().iter().position(|program| program.name == name) {
        Some(found) if found < index => return Some(found),
        Some(found) if found == index => format!("`{name}` cannot stand in for itself"),
        Some(_) => format!(
            "`{name}` comes behind in the object, but it is tried first: put it in front of its stand-in"
        ),
        None => format!("the object has no program `{name}`"),
    };
    ctxt.error(other.span(), problem);
    None
}

fn cookie(ctxt: &Ctxt, item: Option<&Item>, program: &Program) -> u64 {
    let Some(cookie) = item.and_then(|item| item.cookie.as_ref()) else { return 0 };
    if !program.kind.way.has_cookie() {
        let message = format_args!("programs in section `{}` have no cookies", program.kind.section);
        ctxt.error(cookie.span, message);
    }
    cookie.value
}

/// What bpffs and the kernel's path look-up make of a name.
fn check_name(ctxt: &Ctxt, span: Span, what: &str, name: &str) {
    let problem = if name.contains('.') {
        "has a dot in it, which a bpffs refuses"
    } else if name.contains('/') {
        "has a slash in it, but is one name and no path"
    } else if name.is_empty() || name.contains('\0') || name.len() > NAME_MAX {
        "is none that a file can have: 1 to 255 bytes, none of them NUL"
    } else {
        return;
    };
    ctxt.error(span, format_args!("{what} `{}` {problem}", name.escape_debug()));
}

/// The target from the arguments; a program that is not attached by what is known must be left to the caller.
fn target(
    ctxt: &Ctxt,
    item: Option<&Item>,
    program: &Program,
    place: &Placing,
    path: Span,
) -> Option<String> {
    let literal: Option<&LitStr> = item.and_then(|item| item.target.as_ref());
    if let Some(literal) = literal {
        if let Some(problem) = program.kind.refuse_target(&literal.value()) {
            ctxt.error(literal.span(), problem);
            return Some(literal.value());
        }
    }
    let target = literal.map(LitStr::value);
    if item.is_some_and(|item| item.incomplete) {
        return target;
    }
    // What is attached is the map that it is a function of.
    if program.kind.way == Way::StructOps {
        return target;
    }
    let known = target.is_some() || program.target.is_some();
    let (kind, name, section) = (program.kind, &program.name, program.kind.section);
    let example = settings_of(kind, target.as_deref().or(program.target.as_deref()));
    let problem = if !known && kind.needs_target() {
        format!(
            "program `{name}` in section `{section}` cannot be loaded without a target; name {} with \
             `program({name}, target = \"..\")`, or in the section: `SEC(\"{section}/..\")`",
            kind.target()
        )
    } else if item.is_some_and(|item| item.manual.is_some()) || !matches!(place, Placing::Unsaid) {
        return target;
    } else if let Some(example) = example {
        format!(
            "nothing says what program `{name}` in section `{section}` attaches to; say it with \
             `program({name}, {example})`, or attach it yourself: `program({name}, manual)`"
        )
    } else if !kind.way.is_attached() {
        format!(
            "program `{name}` in section `{section}` is loaded, but nothing attaches it yet; attach it yourself: \
             `program({name}, manual)`"
        )
    } else if !known {
        format!(
            "nothing says what program `{name}` in section `{section}` attaches to; name {} with \
             `program({name}, target = \"..\")`, or attach it yourself: `program({name}, manual)`",
            kind.target()
        )
    } else {
        return target;
    };
    ctxt.error(path, problem);
    target
}

/// What the settings say of what a program is attached to.
enum Placing {
    Found(Place),
    /// What they say was reported.
    Wrong,
    Unsaid,
}

impl Placing {
    fn found(self) -> Option<Place> {
        match self {
            Self::Found(place) => Some(place),
            Self::Wrong | Self::Unsaid => None,
        }
    }
}

fn place(ctxt: &Ctxt, item: Option<&Item>, program: &Program, object: &Object) -> Placing {
    let Some(item) = item else { return Placing::Unsaid };
    let settings: Vec<Setting> = item
        .places
        .iter()
        .map(|placed| Setting { name: placed.key.to_string(), value: placed.value.clone() })
        .collect();
    let maps: Vec<&str> = object.maps().iter().map(|map| map.name.as_str()).collect();
    let named = item.target.as_ref().map(LitStr::value);
    let target = named.as_deref().or(program.target.as_deref());
    match program.kind.place(target, &settings, &maps) {
        Ok(Some(_)) if item.manual.is_some() => {
            let message = format_args!(
                "program `{}` is attached by the caller, who says to what: leave this out, or `manual`",
                program.name
            );
            ctxt.error(item.places.first().map_or(item.name.span(), |placed| placed.key.span()), message);
            Placing::Wrong
        }
        Ok(Some(place)) => Placing::Found(place),
        Ok(None) => Placing::Unsaid,
        Err(errors) => {
            for error in errors {
                let placed = error.setting.and_then(|index| item.places.get(index));
                match placed {
                    Some(placed) => ctxt.error(placed.key.span(), error.message),
                    None => ctxt.error(
                        item.name.span(),
                        format_args!("{} in the settings of program `{}`", error.message, program.name),
                    ),
                }
            }
            Placing::Wrong
        }
    }
}

/// The settings that must be there, as an example; none for kinds that are attached otherwise.
fn settings_of(kind: &ProgramKind, target: Option<&str>) -> Option<String> {
    let (needed, _) = kind.settings(target);
    (!needed.is_empty()).then(|| needed.join(", "))
}
