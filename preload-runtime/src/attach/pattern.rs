//! Patterns of names: `*` is any text, `?` any character.

/// Whether a text is a pattern and not a name.
pub(super) fn is_pattern(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'*' | b'?'))
}

/// Whether a name is of a pattern.
pub(super) fn matches(pattern: &[u8], name: &[u8]) -> bool {
    // Where to go on after a mismatch: behind the last `*`, which then is one character longer.
    let mut retry = None;
    let (mut at, mut of) = (0, 0);
    while of < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                retry = Some((at + 1, of));
                at += 1;
            }
            Some(&byte) if byte == b'?' || byte == name[of] => {
                at += 1;
                of += 1;
            }
            _ => {
                let Some((star, from)) = retry else { return false };
                retry = Some((star, from + 1));
                (at, of) = (star, from + 1);
            }
        }
    }
    pattern[at..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_take_any_text() {
        for (pattern, name, expected) in [
            ("do_sys_open", "do_sys_open", true),
            ("do_sys_open", "do_sys_openat2", false),
            ("do_sys_open*", "do_sys_openat2", true),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*_open*_2", "vfs_open_at_2", true),
            ("*aab", "aaaab", true),
            ("a*b*c", "a_b_b_d", false),
        ] {
            assert_eq!(matches(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
        assert!(is_pattern(b"a*") && !is_pattern(b"a.b"));
    }
}
