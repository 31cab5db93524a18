//! Which of the program's objects are meant, and in which order.

use std::fs;

use preload_runtime::Object;

use crate::command::Verb;

/// The parameter on the command line of the kernel.
const PARAMETER: &str = "bpf_preload_list=";

/// The objects of a list: that of the command line, that of the kernel's, or all.
pub(crate) fn select(
    objects: &[&'static Object],
    verb: Verb,
    list: Option<&str>,
) -> Result<Vec<&'static Object>, String> {
    if let Some(list) = list {
        return chosen(objects, list, "--list");
    }
    // A kernel that was started to preload less is not meant to be left with pins, or without a plan.
    if verb == Verb::Preload {
        // Without a /proc there is no such list either.
        let kernel = fs::read_to_string("/proc/cmdline").unwrap_or_default();
        if let Some(list) = parameter(&kernel) {
            return chosen(objects, list, PARAMETER);
        }
    }
    Ok(objects.to_vec())
}

/// The last one counts, as with the kernel's own parameters. Behind `--` are words for init.
fn parameter(kernel: &str) -> Option<&str> {
    let words = kernel.split_ascii_whitespace().take_while(|word| *word != "--");
    words
        .filter_map(|word| word.trim_matches('"').strip_prefix(PARAMETER))
        .last()
        .map(|list| list.trim_matches('"'))
}

fn chosen(objects: &[&'static Object], list: &str, source: &str) -> Result<Vec<&'static Object>, String> {
    let mut chosen: Vec<&'static Object> = Vec::new();
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let object = objects.iter().find(|object| object.name() == name).ok_or_else(|| {
            let known: Vec<&str> = objects.iter().map(|object| object.name()).collect();
            format!("there is no object `{name}` (in {source}); there are: {}", known.join(", "))
        })?;
        if !chosen.iter().any(|other| other.name() == name) {
            chosen.push(object);
        }
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_found_among_the_words_of_the_kernel() {
        assert_eq!(parameter("quiet bpf_preload_list=a,b panic=-1\n"), Some("a,b"));
        assert_eq!(parameter("bpf_preload_list=a bpf_preload_list="), Some(""));
        assert_eq!(parameter("\"bpf_preload_list=a\""), Some("a"));
        assert_eq!(parameter("quiet -- bpf_preload_list=a"), None);
        assert_eq!(parameter("my_bpf_preload_list=a"), None);
        assert_eq!(parameter(""), None);
    }
}
