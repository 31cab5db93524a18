//! Values for constants of the object: their grammar, and the variables that they are for.
//!
//! What a value may be is written down with the [arguments](crate::args).

use preload_object::{Constant, Object, Types, VariableChoice, Written};
use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, Lit, LitFloat, LitInt, Token, bracketed, parenthesized, token};

use crate::ctxt::Ctxt;
use crate::names::identifier;

/// The values for one section.
pub(crate) struct Section {
    pub(crate) name: Ident,
    constants: Punctuated<Assignment, Token![,]>,
}

struct Assignment {
    name: Ident,
    value: Constant<Span>,
}

impl Section {
    /// Whether an option of that name is one: the fields of data sections are called like that.
    pub(crate) fn is_named(option: &str) -> bool {
        ["rodata", "data", "bss"].iter().any(|section| {
            option.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        })
    }

    pub(crate) fn parse(name: Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(token::Paren) {
            return Err(input.error(format_args!("write `{name}(variable = value, ..)`")));
        }
        let inside;
        parenthesized!(inside in input);
        let constants = Punctuated::parse_terminated(&inside);
        if constants.is_err() {
            // What is left over after a mistake would be reported once more.
            let _: syn::Result<TokenStream> = inside.parse();
        }
        Ok(Self { name, constants: constants? })
    }
}

impl Parse for Assignment {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let start = input.span();
        let name = input.call(Ident::parse_any).map_err(|_| {
            syn::Error::new(start, "write the name of a variable and its value: `variable = value`")
        })?;
        input.parse::<Token![=]>()?;
        Ok(Self { name, value: constant(input)? })
    }
}

fn constant(input: ParseStream<'_>) -> syn::Result<Constant<Span>> {
    let mark = input.span();
    let wrong = || {
        syn::Error::new(
            mark,
            "this is no value of a constant: write a number, `true` or `false`, a character, a text, the name of a \
             value of an enum, or a list `[..]` of them",
        )
    };
    let value = if input.peek(token::Bracket) {
        let inside;
        bracketed!(inside in input);
        let list = inside.parse_terminated(constant, Token![,])?;
        Written::List(list.into_iter().collect())
    } else if input.peek(Token![-]) {
        input.parse::<Token![-]>()?;
        match input.parse().map_err(|_| wrong())? {
            Lit::Int(number) => Written::Integer(-integer(&number)?),
            Lit::Float(number) => Written::Float(-float(&number)?),
            _ => return Err(wrong()),
        }
    } else if input.peek(Lit) {
        match input.parse()? {
            Lit::Int(number) => Written::Integer(integer(&number)?),
            Lit::Float(number) => Written::Float(float(&number)?),
            Lit::Bool(value) => Written::Bool(value.value),
            Lit::Char(c) => Written::Character(c.value()),
            Lit::Byte(byte) => Written::Integer(byte.value().into()),
            Lit::Str(text) => Written::Text(text.value()),
            _ => return Err(wrong()),
        }
    } else {
        Written::Name(input.call(Ident::parse_any).map_err(|_| wrong())?.unraw().to_string())
    };
    Ok(Constant { value, mark })
}

fn integer(number: &LitInt) -> syn::Result<i128> {
    number.base10_parse()
}

fn float(number: &LitFloat) -> syn::Result<f64> {
    number.base10_parse()
}

/// The values, each as the bytes of its variable.
pub(crate) fn choices(
    ctxt: &Ctxt,
    sections: &[Section],
    object: &Object,
    types: &Types,
) -> Vec<VariableChoice> {
    let field = |name: &str| identifier(name.trim_start_matches('.'));
    let mut choices: Vec<VariableChoice> = Vec::new();
    for Section { name: section, constants } in sections {
        let maps = object.maps().iter().zip(&types.maps).enumerate();
        let found = maps.filter_map(|(index, (map, types))| Some((index, map, map.data.as_ref()?, types)));
        let found: Vec<_> = found.filter(|(_, _, data, _)| data.config.is_empty()).collect();
        let Some((index, map, data, held)) =
            found.iter().find(|(_, map, ..)| *section == field(&map.name)).copied()
        else {
            let known = found.iter().filter(|(_, _, data, _)| data.frozen);
            let known = listed(known.map(|(_, map, ..)| field(&map.name)));
            ctxt.error(
                section.span(),
                format_args!("the object has no section of constants `{section}`; it has {known}"),
            );
            continue;
        };
        if !data.frozen {
            ctxt.error(
                section.span(),
                format_args!(
                    "the variables of `{}` are no constants: programs may write to them; set them before load, with \
                     `open.{section}.variable = ..`",
                    map.name
                ),
            );
            continue;
        }
        for Assignment { name, value } in constants {
            let Some(variable) = held.variables.iter().find(|variable| name.unraw() == variable.name) else {
                let known = listed(held.variables.iter().map(|variable| variable.name.clone()));
                ctxt.error(
                    name.span(),
                    format_args!("section `{}` has no variable `{name}`; it has {known}", map.name),
                );
                continue;
            };
            if choices.iter().any(|other| (other.map, other.offset) == (index, variable.offset)) {
                ctxt.error(name.span(), format_args!("`{name}` is given twice"));
                continue;
            }
            match types.encode(&variable.ty, value) {
                Ok(bytes) => choices.push(VariableChoice { map: index, offset: variable.offset, bytes }),
                Err(error) => {
                    ctxt.error(error.mark, format_args!("`{name}` cannot be that: {}", error.message));
                }
            }
        }
    }
    choices
}

fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<_> = names.collect();
    if names.is_empty() { "none".to_owned() } else { format!("`{}`", names.join("`, `")) }
}
