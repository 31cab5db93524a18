//! Which name was meant by one that is unknown.

use super::table::KINDS;
use super::{autoload, family};

/// The name that was meant, if one is but a slip away.
pub(crate) fn meant(section: &str) -> Option<&'static str> {
    let (_, section) = autoload(section);
    let near = KINDS.iter().filter_map(|kind| {
        // A name without a slash in it may have been given a target that it does not take.
        let name = if kind.section.contains('/') { section } else { family(section) };
        // A name of another length is another name.
        let similar = name.len().abs_diff(kind.section.len()) <= 2;
        let distance = if similar { distance(name, kind.section) } else { usize::MAX };
        // In a short name everything is near to everything.
        (distance <= 2 && distance < name.len()).then_some((distance, kind.section))
    });
    near.min_by_key(|&(distance, _)| distance).map(|(_, known)| known)
}

/// How many bytes must be put in, left out or changed to make one name of the other.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, byte) in from.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], above + 1);
        for (at, other) in to.bytes().enumerate() {
            let changed = diagonal + usize::from(byte != other);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_from_another_name() {
        assert_eq!(meant("fentyr/do_unlinkat"), Some("fentry"));
        assert_eq!(meant("?iters/task"), Some("iter"));
        assert_eq!(meant("kprobes/do_unlinkat"), Some("kprobe"));
        assert_eq!(meant("cgroup/conect4"), Some("cgroup/connect4"));
        assert_eq!(meant("xdp/eth0"), Some("xdp"));
        assert_eq!(meant("iterator/bpf_map"), None);
        assert_eq!(meant("ab"), None);
        assert_eq!((distance("", "abc"), distance("abc", "abc"), distance("abc", "acd")), (3, 0, 2));
    }
}
