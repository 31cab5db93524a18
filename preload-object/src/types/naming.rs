//! Names that are identifiers, each given once.

use std::collections::HashSet;

/// The names that are taken.
#[derive(Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// The name, or the first of `name_1`, `name_2`.. that is free.
    pub(super) fn free(&mut self, name: &str) -> String {
        self.free_with(name, |_| None)
    }

    /// The same with a second name that goes with the first, as a setter does with a getter.
    pub(super) fn free_with(&mut self, name: &str, second: impl Fn(&str) -> Option<String>) -> String {
        let base = identifier(name);
        let mut candidate = base.clone();
        let mut number = 0_u32;
        loop {
            let other = second(&candidate);
            let taken =
                self.0.contains(&candidate) || other.as_ref().is_some_and(|other| self.0.contains(other));
            if !taken {
                self.0.insert(candidate.clone());
                self.0.extend(other);
                return candidate;
            }
            number = number.saturating_add(1);
            candidate = format!("{base}_{number}");
        }
    }
}

/// The characters of an identifier; others become `_`. Words that cannot be raw identifiers get a `_` behind.
fn identifier(name: &str) -> String {
    let mut base: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect();
    if base.starts_with(|c: char| c.is_ascii_digit()) || base.is_empty() {
        base.insert(0, '_');
    }
    if matches!(base.as_str(), "self" | "Self" | "super" | "crate" | "_") {
        base.push('_');
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_given_twice() {
        let mut names = Names::default();
        let given = ["a", "a", "a_1", "self", "self_", "1", "b$c", ""].map(|name| names.free(name));
        assert_eq!(given, ["a", "a_1", "a_1_1", "self_", "self__1", "_1", "b_c", "__"]);
    }

    #[test]
    fn a_setter_needs_its_name_too() {
        let mut names = Names::default();
        let setter = |name: &str| Some(format!("set_{name}"));
        assert_eq!(names.free_with("set_a", setter), "set_a");
        assert_eq!(names.free_with("a", setter), "a_1");
    }
}
