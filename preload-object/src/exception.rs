//! Exception callbacks: what runs when a program throws (6.7).
//!
//! `__attribute__((btf_decl_tag("exception_callback:NAME")))` on a program names a function of `.text`. Nothing calls it,
//! so nothing but the tag would bring it into the program; the kernel finds it there by its name.

use std::collections::HashMap;

use crate::btf::Btf;
use crate::error::{Error, ErrorKind};

const TAG: &str = "exception_callback:";

/// The name of the callback of each program that has one, by the name of the program.
#[derive(Debug, Default)]
pub(crate) struct Callbacks(HashMap<String, String>);

impl Callbacks {
    /// Reads the tags.
    pub(crate) fn read(btf: &Btf, errors: &mut Vec<Error>) -> Self {
        let mut callbacks = HashMap::new();
        for tag in btf.decl_tags() {
            let Some(callback) = tag.value.strip_prefix(TAG).filter(|_| tag.component.is_none()) else {
                continue;
            };
            let refuse = |what: String| Error::new(ErrorKind::BadCode(what)).in_section(".BTF");
            let Some(program) = btf.global_function(tag.type_id) else {
                errors.push(refuse(format!("the tag `{}` is not on a program", tag.value)));
                continue;
            };
            if callbacks.insert(program.to_owned(), callback.to_owned()).is_some() {
                errors.push(refuse(format!("program `{program}` has two exception callbacks; leave one")));
            }
        }
        Self(callbacks)
    }

    /// The name of the callback of a program.
    pub(crate) fn of(&self, program: &str) -> Option<&str> {
        self.0.get(program).map(String::as_str)
    }
}
