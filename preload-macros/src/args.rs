//! The arguments of the attribute: their grammar, and nothing of their meaning.
//!
//! ```text
//! arguments := PATH { "," option } [ "," ]
//! option    := "crate" "=" path               the runtime crate, where it is renamed or re-exported
//!            | "dir" "=" NAME                 the directory of the pins, in place of the object's name
//!            | "pin_root" "=" STRING          the directory of maps that are pinned by name
//!            | "in_kernel"                      it can be loaded from inside the kernel, too
//!            | "signature" "=" PATH           the file that it is signed with
//!            | "program" "(" name { "," setting } ")"
//!            | "map" "(" name { "," setting } ")"
//!            | section "(" name "=" constant { "," name "=" constant } [ "," ] ")"
//! setting   := "pin" "=" ( NAME | "false" )   the name of the pin, or no pin
//!            | "target" "=" STRING            what the program attaches to          (programs only)
//!            | "manual"                       the caller attaches it                (programs only)
//!            | "cookie" "=" INTEGER           what tells one attachment from others (programs only)
//!            | "optional"                     a missing target is no error          (programs only)
//!            | "instead_of" "=" name          used where that one's is missing      (programs only)
//!            | PLACE "=" VALUE                what it is attached to, by the kind   (programs only)
//! constant  := [ "-" ] ( INTEGER | FLOAT ) | "true" | "false" | CHARACTER | STRING | name
//!            | "[" constant { "," constant } [ "," ] "]"
//! ```
//!
//! `section` is the field of a section of constants: `rodata`, or `rodata_name` for `.rodata.name`; the names in it are those of
//! its variables. They have these values in place of those of the object, as if the C source gave them: the verifier sees
//! them, and they are part of what tells one preload from another. The type of the variable says what may be written: an
//! integer in its range, `true` or `false` for `bool`, a floating-point number, a character or byte for what is one byte, a text
//! for an array of bytes (zeros follow it, one at least), for an enum the name of a value or an integer, for an array a
//! list of all its elements. There is nothing to write for structs, unions and pointers.
//!
//! `PATH`, `NAME` and `STRING` are string literals, `name` is an identifier of the C source. `PLACE` is one of `interface`,
//! `mode`, `direction`, `order`, `cgroup`, `netns`, `family`, `hook`, `priority`, `defragment`, `map`, `extends`, `tid` and `pid`,
//! `VALUE` a string, an integer, or `true` or `false`; which of them a kind of program takes is the object's to say.

use preload_object::Value;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::token::Paren;
use syn::{Ident, Lit, LitBool, LitInt, LitStr, Token, parenthesized};

use crate::constants::Section;
use crate::ctxt::Ctxt;

/// The arguments; an option that is not in order is left out and reported.
pub(crate) struct Args {
    pub(crate) path: LitStr,
    pub(crate) crate_path: Option<TokenStream>,
    pub(crate) directory: Option<LitStr>,
    pub(crate) pin_root: Option<LitStr>,
    /// The object can be loaded from inside the kernel.
    pub(crate) in_kernel: Option<Span>,
    /// The path of the signature file.
    pub(crate) signature: Option<LitStr>,
    pub(crate) programs: Vec<Item>,
    pub(crate) maps: Vec<Item>,
    pub(crate) sections: Vec<Section>,
}

/// The settings of one program or map.
pub(crate) struct Item {
    pub(crate) name: Ident,
    pub(crate) pin: Option<Pin>,
    pub(crate) target: Option<LitStr>,
    pub(crate) manual: Option<Span>,
    pub(crate) cookie: Option<Cookie>,
    pub(crate) optional: Option<Span>,
    pub(crate) instead_of: Option<Ident>,
    /// What it is attached to.
    pub(crate) places: Vec<Placed>,
    /// A mistake was reported: what is missing may have been meant.
    pub(crate) incomplete: bool,
}

/// A number, and where it stands.
pub(crate) struct Cookie {
    pub(crate) value: u64,
    pub(crate) span: Span,
}

/// A setting that says what a program is attached to.
pub(crate) struct Placed {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

/// The names of such settings.
const PLACES: [&str; 14] = [
    "interface",
    "mode",
    "direction",
    "order",
    "cgroup",
    "netns",
    "family",
    "hook",
    "priority",
    "defragment",
    "map",
    "extends",
    "tid",
    "pid",
];

pub(crate) enum Pin {
    Named(LitStr),
    No,
}

const EXAMPLE: &str = "write `#[bpf_preload(\"iterators.bpf.o\")]`";
const OPTIONS: &str = "options are `crate = path`, `dir = \"..\"`, `pin_root = \"..\"`, `in_kernel`, `signature = \"..\"`, `program(name, ..)`, `map(name, ..)` and `rodata(variable = value, ..)`";

impl Args {
    /// Nothing when there is no path, without which nothing can be done.
    pub(crate) fn parse(ctxt: &Ctxt, tokens: TokenStream) -> Option<Self> {
        let parser = |input: ParseStream<'_>| Ok(Self::parse_stream(ctxt, input));
        parser.parse2(tokens).map_err(|error| ctxt.syn_error(error)).ok().flatten()
    }

    fn parse_stream(ctxt: &Ctxt, input: ParseStream<'_>) -> Option<Self> {
        if input.is_empty() {
            ctxt.error(Span::call_site(), format_args!("the path of the object is missing; {EXAMPLE}"));
            return None;
        }
        let first = input.span();
        let Ok(path) = input.parse::<LitStr>() else {
            ctxt.error(
                first,
                format_args!("the first argument is the path of the object, a string literal; {EXAMPLE}"),
            );
            skip_all(input);
            return None;
        };
        let mut args = Self {
            path,
            crate_path: None,
            directory: None,
            pin_root: None,
            in_kernel: None,
            signature: None,
            programs: Vec::new(),
            maps: Vec::new(),
            sections: Vec::new(),
        };
        while !input.is_empty() {
            let result = comma(input, "options")
                .and_then(|()| if input.is_empty() { Ok(()) } else { args.parse_option(ctxt, input) });
            if let Err(error) = result {
                ctxt.syn_error(error);
                skip_to_comma(input);
            }
        }
        Some(args)
    }

    fn parse_option(&mut self, ctxt: &Ctxt, input: ParseStream<'_>) -> syn::Result<()> {
        let start = input.span();
        let key = input
            .call(Ident::parse_any)
            .map_err(|_| syn::Error::new(start, format_args!("this is not an option; {OPTIONS}")))?;
        match key.to_string().as_str() {
            "crate" => {
                input.parse::<Token![=]>()?;
                let start = input.span();
                let path = path(input).map_err(|_| {
                    syn::Error::new(
                        start,
                        "write the path of the runtime crate without quotes, such as `::preload_runtime`",
                    )
                })?;
                once(ctxt, &key, &mut self.crate_path, path);
            }
            "dir" => {
                input.parse::<Token![=]>()?;
                let directory = string(input, "write the name of the directory in quotes: `dir = \"..\"`")?;
                once(ctxt, &key, &mut self.directory, directory);
            }
            "pin_root" => {
                input.parse::<Token![=]>()?;
                let directory =
                    string(input, "write the path of the directory in quotes: `pin_root = \"..\"`")?;
                once(ctxt, &key, &mut self.pin_root, directory);
            }
            "signature" => {
                input.parse::<Token![=]>()?;
                let path =
                    string(input, "write the path of the signature file in quotes: `signature = \"..\"`")?;
                once(ctxt, &key, &mut self.signature, path);
            }
            "in_kernel" if input.peek(Token![=]) => {
                return Err(input.error("`in_kernel` has no value: it is there or it is not"));
            }
            "in_kernel" => once(ctxt, &key, &mut self.in_kernel, key.span()),
            "program" => Self::add(ctxt, "program", &mut self.programs, Item::parse(ctxt, input, true)?),
            "map" => Self::add(ctxt, "map", &mut self.maps, Item::parse(ctxt, input, false)?),
            section if Section::is_named(section) => {
                let section = Section::parse(key, input)?;
                if self.sections.iter().any(|other| other.name == section.name) {
                    let message =
                        format_args!("`{}` has its values already; put them together", section.name);
                    ctxt.error(section.name.span(), message);
                } else {
                    self.sections.push(section);
                }
            }
            other => {
                let message = format_args!("unknown option `{other}`; {OPTIONS}");
                return Err(syn::Error::new(key.span(), message));
            }
        }
        Ok(())
    }

    fn add(ctxt: &Ctxt, what: &str, items: &mut Vec<Item>, item: Item) {
        if items.iter().any(|other| other.name == item.name) {
            let message = format_args!("{what} `{}` has its settings already; put them together", item.name);
            ctxt.error(item.name.span(), message);
        } else {
            items.push(item);
        }
    }
}

impl Item {
    fn parse(ctxt: &Ctxt, input: ParseStream<'_>, program: bool) -> syn::Result<Self> {
        let what = if program { "program" } else { "map" };
        if !input.peek(Paren) {
            return Err(input.error(format_args!("write `{what}(name, ..)`")));
        }
        let inside;
        parenthesized!(inside in input);
        let name = Self::parse_name(&inside, what);
        let item = name.map(|name| Self {
            name,
            pin: None,
            target: None,
            manual: None,
            cookie: None,
            optional: None,
            instead_of: None,
            places: Vec::new(),
            incomplete: false,
        });
        let item = item.map(|mut item| {
            if let Err(error) = item.parse_settings(ctxt, &inside, program) {
                ctxt.syn_error(error);
                item.incomplete = true;
            }
            item
        });
        // What is left over after a mistake would be reported once more.
        skip_all(&inside);
        item
    }

    fn parse_name(inside: ParseStream<'_>, what: &str) -> syn::Result<Ident> {
        let start = inside.span();
        let name = inside.call(Ident::parse_any).map_err(|_| {
            let message = format_args!("the name of a {what} of the C source, without quotes, comes first");
            syn::Error::new(start, message)
        })?;
        if inside.peek(Token![=]) {
            let message = format_args!(
                "write `{what}(name, {name} = ..)`: the name of a {what} of the C source comes first"
            );
            return Err(syn::Error::new(name.span(), message));
        }
        Ok(name)
    }

    fn parse_settings(&mut self, ctxt: &Ctxt, inside: ParseStream<'_>, program: bool) -> syn::Result<()> {
        while !inside.is_empty() {
            comma(inside, "settings")?;
            if inside.is_empty() {
                break;
            }
            let key = inside.call(Ident::parse_any)?;
            match (key.to_string().as_str(), program) {
                ("pin", _) => {
                    inside.parse::<Token![=]>()?;
                    let pin = parse_pin(inside)?;
                    once(ctxt, &key, &mut self.pin, pin);
                }
                ("target", true) => {
                    inside.parse::<Token![=]>()?;
                    let target = string(inside, "write the target in quotes: `target = \"..\"`")?;
                    once(ctxt, &key, &mut self.target, target);
                }
                ("manual", true) if inside.peek(Token![=]) => {
                    return Err(inside.error("`manual` has no value: it is there or it is not"));
                }
                ("manual", true) => once(ctxt, &key, &mut self.manual, key.span()),
                ("optional", true) => once(ctxt, &key, &mut self.optional, key.span()),
                ("instead_of", true) => {
                    inside.parse::<Token![=]>()?;
                    let start = inside.span();
                    let other = inside.call(Ident::parse_any).map_err(|_| {
                        syn::Error::new(
                            start,
                            "write the name of the other program without quotes: `instead_of = name`",
                        )
                    })?;
                    once(ctxt, &key, &mut self.instead_of, other);
                }
                (name, true) if PLACES.contains(&name) => {
                    inside.parse::<Token![=]>()?;
                    let value = parse_value(inside)?;
                    if self.places.iter().any(|placed| placed.key == key) {
                        ctxt.error(key.span(), format_args!("`{key}` is given twice"));
                    } else {
                        self.places.push(Placed { key, value });
                    }
                }
                ("cookie", true) => {
                    inside.parse::<Token![=]>()?;
                    let cookie = parse_cookie(inside)?;
                    once(ctxt, &key, &mut self.cookie, cookie);
                }
                (other, program) => {
                    let known = if program {
                        "those of a program are `pin = ..`, `target = \"..\"`, `cookie = ..`, `instead_of = ..`, `optional`, \
                         `manual`, and what its kind is attached to, such as `interface = \"..\"` or `cgroup = \"..\"`"
                    } else {
                        "that of a map is `pin = ..`"
                    };
                    return Err(syn::Error::new(
                        key.span(),
                        format_args!("unknown setting `{other}`; {known}"),
                    ));
                }
            }
        }
        Ok(())
    }
}

fn parse_pin(input: ParseStream<'_>) -> syn::Result<Pin> {
    if input.peek(LitBool) {
        let value: LitBool = input.parse()?;
        if !value.value {
            return Ok(Pin::No);
        }
        return Err(syn::Error::new(value.span, "write the name of the pin, or `pin = false` for no pin"));
    }
    string(input, "write the name of the pin in quotes, `pin = \"..\"`, or `pin = false` for no pin")
        .map(Pin::Named)
}

fn parse_cookie(input: ParseStream<'_>) -> syn::Result<Cookie> {
    let span = input.span();
    let number = input.parse::<LitInt>().and_then(|literal| literal.base10_parse());
    match number {
        Ok(value) if value != 0 => Ok(Cookie { value, span }),
        _ => Err(syn::Error::new(span, "a cookie is a number from 1 to 2^64 - 1: `cookie = 7`")),
    }
}

fn parse_value(input: ParseStream<'_>) -> syn::Result<Value> {
    let start = input.span();
    let wrong = || syn::Error::new(start, "write a string in quotes, a whole number, or `true` or `false`");
    if input.peek(Token![-]) {
        input.parse::<Token![-]>()?;
        let number: LitInt = input.parse().map_err(|_| wrong())?;
        return Ok(Value::Number(-number.base10_parse::<i64>()?));
    }
    match input.parse().map_err(|_| wrong())? {
        Lit::Str(text) => Ok(Value::Text(text.value())),
        Lit::Int(number) => Ok(Value::Number(number.base10_parse()?)),
        Lit::Bool(value) => Ok(Value::Bool(value.value)),
        _ => Err(wrong()),
    }
}

fn string(input: ParseStream<'_>, message: &str) -> syn::Result<LitStr> {
    let start = input.span();
    input.parse().map_err(|_| syn::Error::new(start, message))
}

/// The path of a module.
fn path(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut path = TokenStream::new();
    let colons = |path: &mut TokenStream| -> syn::Result<bool> {
        let colons = input.parse::<Option<Token![::]>>()?;
        colons.to_tokens(path);
        Ok(colons.is_some())
    };
    colons(&mut path)?;
    loop {
        let is_keyword = input.peek(Token![crate]) || input.peek(Token![self]) || input.peek(Token![super]);
        let name = if is_keyword { input.call(Ident::parse_any)? } else { input.parse()? };
        name.to_tokens(&mut path);
        if !colons(&mut path)? {
            return Ok(path);
        }
    }
}

fn comma(input: ParseStream<'_>, between: &str) -> syn::Result<()> {
    if input.peek(Token![,]) {
        return input.parse::<Token![,]>().map(drop);
    }
    Err(input.error(format_args!("write a comma between two {between}")))
}

fn once<T>(ctxt: &Ctxt, key: &Ident, slot: &mut Option<T>, value: T) {
    if slot.is_some() {
        ctxt.error(key.span(), format_args!("`{key}` is given twice"));
    } else {
        *slot = Some(value);
    }
}

/// Gets over what could not be parsed, so that the next option is reported too.
fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        let _: syn::Result<TokenTree> = input.parse();
    }
}

fn skip_all(input: ParseStream<'_>) {
    let _: syn::Result<TokenStream> = input.parse();
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn messages(tokens: TokenStream) -> String {
        let ctxt = Ctxt::new();
        let _ = Args::parse(&ctxt, tokens);
        ctxt.finish().to_string()
    }

    #[test]
    fn all_options_are_taken() {
        let ctxt = Ctxt::new();
        let tokens = quote! {
            "x.bpf.o", crate = ::other::name, dir = "d",
            program(a, pin = "p", target = "t", manual), program(type, pin = false), map(m, pin = "q"),
        };
        let args = Args::parse(&ctxt, tokens).unwrap();
        assert_eq!(ctxt.finish().to_string(), "");
        assert_eq!(args.path.value(), "x.bpf.o");
        assert_eq!(args.directory.unwrap().value(), "d");
        assert!(args.crate_path.unwrap().to_string().starts_with("::"));
        assert_eq!(args.programs.len(), 2);
        assert!(args.programs[0].manual.is_some());
        assert!(matches!(args.programs[1].pin, Some(Pin::No)));
        assert_eq!(args.maps[0].name, "m");
    }

    #[test]
    fn every_mistake_is_reported() {
        let all = messages(quote! { "x", foo = 1, dir = 3, map(m, manual), dir = "a", dir = "b" });
        for part in [
            "unknown option `foo`",
            "write the name of the directory in quotes",
            "unknown setting `manual`",
            "`dir` is given twice",
        ] {
            assert!(all.contains(part), "{part} not in {all}");
        }
    }

    #[test]
    fn mistakes_are_called_by_their_name() {
        for (tokens, part) in [
            (quote! { "x", program(a, manual = true) }, "`manual` has no value"),
            (quote! { "x", program(p = "x") }, "write `program(name, p = ..)`"),
            (quote! { "x", map(pin = "x") }, "write `map(name, pin = ..)`"),
            (quote! { "x" dir = "d" }, "a comma between two options"),
            (quote! { "x", dir = "d" map(m) }, "a comma between two options"),
            (quote! { "x", program(a manual) }, "a comma between two settings"),
            (quote! { "x", map(m, pin = m2) }, "the name of the pin in quotes"),
            (quote! { "x", dir = false }, "the name of the directory in quotes"),
            (quote! { "x", program(a, target = bpf_map) }, "the target in quotes"),
        ] {
            let all = messages(tokens);
            assert!(all.contains(part), "{part} not in {all}");
            assert_eq!(all.matches("compile_error").count(), 1, "{all}");
        }
    }
}
