//! Types as lines of text, one for each, with names in the place of offsets: two sets of strings in another order are equal.

/// What follows the fixed part of a type: words in each record, records (none: as many as the type counts), and the word
/// that is a name.
fn rest(kind: u32) -> (usize, Option<usize>, Option<usize>) {
    match kind {
        1 | 14 | 17 => (1, Some(1), None),
        3 => (3, Some(1), None),
        4 | 5 | 19 => (3, None, Some(0)),
        6 | 13 => (2, None, Some(0)),
        15 => (3, None, None),
        _ => (0, Some(0), None),
    }
}

/// The types of a BTF blob, numbered from 1; an error where it cannot be followed.
pub(crate) fn types(btf: &[u8]) -> Result<Vec<String>, &'static str> {
    let word = |at: usize| {
        let bytes = btf.get(at..at + 4).ok_or("a blob that is cut off")?;
        bytes.try_into().map(u32::from_le_bytes).map_err(|_| "a blob that is cut off")
    };
    let place = |at| word(at).map(|word| word as usize);
    let header = place(4)?;
    let (start, length, strings) = (header + place(8)?, place(12)?, header + place(16)?);
    let name = |offset: u32| {
        let rest = btf.get(strings + offset as usize..).unwrap_or_default();
        String::from_utf8_lossy(rest.split(|&byte| byte == 0).next().unwrap_or_default()).into_owned()
    };

    let (mut at, mut types) = (start, Vec::new());
    while at < start + length {
        let (info, size) = (word(at + 4)?, word(at + 8)?);
        let (kind, count, flag) = (info >> 24 & 0x1f, info & 0xffff, info >> 31);
        let mut line = format!("kind {kind} `{}` count {count} flag {flag} size {size}", name(word(at)?));
        let (words, records, named) = rest(kind);
        at += 12;
        for _ in 0..records.unwrap_or(count as usize) {
            for number in 0..words {
                let word = word(at)?;
                line +=
                    &if named == Some(number) { format!(" `{}`", name(word)) } else { format!(" {word}") };
                at += 4;
            }
        }
        types.push(line);
    }
    Ok(types)
}

/// The text of a name, as line records refer to it.
pub(crate) fn string(btf: &[u8], offset: u32) -> String {
    let word = |at: usize| {
        btf.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes) as usize
    };
    let rest = btf.get(word(4) + word(16) + offset as usize..).unwrap_or_default();
    String::from_utf8_lossy(rest.split(|&byte| byte == 0).next().unwrap_or_default()).into_owned()
}
