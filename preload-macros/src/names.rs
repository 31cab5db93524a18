//! From names of the C source to names of the skeleton.
//!
//! | what | name |
//! |---|---|
//! | field of a program, map or link | as in C; a keyword becomes a raw identifier, `self` and the like get a `_` behind |
//! | field of a data section | without the first dot, other dots as `_`: `.rodata.cfg` is `rodata_cfg` |
//! | static of a link | upper case, `_LINK` behind |
//! | static of a map, but not of a data section | upper case, `_MAP` behind |
//! | methods | `pin_` and `unpin_` in front |

use std::collections::HashMap;

use preload_object::Object;
use proc_macro2::Span;
use quote::format_ident;
use syn::Ident;

use crate::ctxt::Ctxt;

/// The identifiers of a whole object, in its order.
pub(crate) struct Names {
    pub(crate) programs: Vec<ProgramNames>,
    pub(crate) maps: Vec<MapNames>,
}

pub(crate) struct ProgramNames {
    pub(crate) field: Ident,
    pub(crate) link: Ident,
    pub(crate) pin: Ident,
    pub(crate) unpin: Ident,
}

pub(crate) struct MapNames {
    pub(crate) field: Ident,
    /// None for a data section.
    pub(crate) map: Option<Ident>,
}

impl Names {
    /// Names that clash are reported at `span`; the later one gets another name, so that nobody reports it
    /// again.
    pub(crate) fn new(ctxt: &Ctxt, object: &Object, span: Span) -> Self {
        let mut taken = Taken { ctxt, span, what: "programs", names: HashMap::new() };
        let programs = object.programs().iter().map(|program| {
            taken.free(&program.name, identifier(&program.name), |base| ProgramNames {
                field: field(base),
                link: format_ident!("{}_LINK", base.to_uppercase()),
                pin: format_ident!("pin_{base}"),
                unpin: format_ident!("unpin_{base}"),
            })
        });
        let programs = programs.collect();
        let mut taken = Taken { ctxt, span, what: "maps", names: HashMap::new() };
        let maps = object.maps().iter().map(|map| {
            taken.free(&map.name, identifier(map.name.trim_start_matches('.')), |base| MapNames {
                field: field(base),
                map: map.data.is_none().then(|| format_ident!("{}_MAP", base.to_uppercase())),
            })
        });
        Self { maps: maps.collect(), programs }
    }
}

/// Finds two C names that become one Rust name.
struct Taken<'a> {
    ctxt: &'a Ctxt,
    span: Span,
    what: &'static str,
    /// The Rust names, each with the C name that has got it.
    names: HashMap<String, String>,
}

impl Taken<'_> {
    /// The identifiers made of `base`, or of another one when the C name clashes with an earlier one.
    fn free<N: Idents>(&mut self, name: &str, mut base: String, make: impl Fn(&str) -> N) -> N {
        let mut reported = false;
        loop {
            let made = make(&base);
            let idents = made.idents();
            let clash = idents.iter().find_map(|ident| Some((ident, self.names.get(&ident.to_string())?)));
            let Some((ident, other)) = clash else {
                self.names.extend(idents.iter().map(|ident| (ident.to_string(), name.to_owned())));
                return made;
            };
            if !reported {
                self.ctxt.error(
                    self.span,
                    format_args!(
                        "{} `{other}` and `{name}` would both be `{ident}` in Rust; rename one of them in the object",
                        self.what
                    ),
                );
            }
            reported = true;
            base.push('_');
        }
    }
}

/// The identifiers of one program or map that nothing else may have; methods differ where fields do.
trait Idents {
    fn idents(&self) -> Vec<Ident>;
}

impl Idents for ProgramNames {
    fn idents(&self) -> Vec<Ident> {
        vec![self.field.clone(), self.link.clone()]
    }
}

impl Idents for MapNames {
    fn idents(&self) -> Vec<Ident> {
        [Some(self.field.clone()), self.map.clone()].into_iter().flatten().collect()
    }
}

/// The characters of an identifier; others become `_`.
pub(crate) fn identifier(name: &str) -> String {
    let mut base: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect();
    if base.starts_with(|c: char| c.is_ascii_digit()) || base.is_empty() {
        base.insert(0, '_');
    }
    base
}

/// Words that an identifier is raw for, in order: the keywords of all editions, whichever the crate that is compiled is in.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// A field, method or type of that name.
pub(crate) fn field(base: &str) -> Ident {
    let text = field_text(base);
    match text.strip_prefix("r#") {
        Some(keyword) => Ident::new_raw(keyword, Span::call_site()),
        None => Ident::new(&text, Span::call_site()),
    }
}

/// The same as text.
pub(crate) fn field_text(base: &str) -> String {
    let mut text = String::with_capacity(base.len() + 2);
    if KEYWORDS.binary_search(&base).is_ok() {
        text.push_str("r#");
    }
    text.push_str(base);
    if matches!(base, "self" | "Self" | "super" | "crate" | "_") {
        text.push('_');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_become_raw_identifiers() {
        assert!(KEYWORDS.is_sorted(), "they are searched so");
        assert_eq!(field("type").to_string(), "r#type");
        assert_eq!(field("gen").to_string(), "r#gen");
        assert_eq!(field("self").to_string(), "self_");
        assert_eq!(field("dump_bpf_map").to_string(), "dump_bpf_map");
    }

    #[test]
    fn other_characters_become_underscores() {
        assert_eq!(identifier("rodata.str1.1"), "rodata_str1_1");
        assert_eq!(identifier("1st"), "_1st");
        assert_eq!(identifier(""), "_");
    }
}
