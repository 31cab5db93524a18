//! The notes of a file that tell its USDT probes: `.note.stapsdt`.

use object::LittleEndian as LE;
use object::elf::{PF_X, PT_LOAD, ProgramHeader64};

use super::elf::{Elf, Problem};

const NOTES: &[u8] = b".note.stapsdt";
/// Its address tells by how much the file was moved after the notes were written.
const BASE: &[u8] = b".stapsdt.base";
const OWNER: &[u8] = b"stapsdt\0";
/// The type of a note with one place of a probe, in the third version of the format.
const PLACE: u32 = 3;

/// One place of a probe.
pub(super) struct Note<'a> {
    /// Where its code is in the file.
    pub(super) offset: u64,
    /// Where the file counts who looks at it; 0 where it does not.
    pub(super) semaphore: u64,
    pub(super) provider: &'a [u8],
    pub(super) name: &'a [u8],
    pub(super) arguments: &'a [u8],
}

/// Shows all notes of a file.
pub(super) fn each(
    elf: &Elf<'_>,
    look: &mut dyn FnMut(&Note<'_>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let Some(notes) = elf.named(NOTES)? else { return Ok(()) };
    let notes = elf.contents(notes)?;
    let base = elf.named(BASE)?.map(|section| section.sh_addr.get(LE));
    let segments = elf.segments()?;
    let segments = segments.list();
    let mut rest = notes.bytes();
    while let Some((owner, kind, text)) = next(&mut rest) {
        if owner != OWNER || kind != PLACE {
            continue;
        }
        let (Some(&[at, noted_base, semaphore]), Some(text)) = (words(text).as_ref(), text.get(24..)) else {
            return Err(Problem::NotElf);
        };
        // Where the file was moved as a whole, its notes were not.
        let moved = |address: u64| address.wrapping_add(base.map_or(0, |base| base.wrapping_sub(noted_base)));
        let mut strings = text.split(|&byte| byte == 0);
        let mut string = || strings.next().unwrap_or_default();
        let (provider, name, arguments) = (string(), string(), string());
        look(&Note {
            offset: in_file(segments, moved(at), true).ok_or(Problem::NotElf)?,
            semaphore: match semaphore {
                0 => 0,
                address => in_file(segments, moved(address), false).ok_or(Problem::NotElf)?,
            },
            provider,
            name,
            arguments,
        })?;
    }
    Ok(())
}

/// The next note: its owner, its type, its contents.
fn next<'a>(rest: &mut &'a [u8]) -> Option<(&'a [u8], u32, &'a [u8])> {
    let word = |at: usize| Some(u32::from_le_bytes(rest.get(at..at + 4)?.try_into().ok()?));
    let padded = |len: u32| (len as usize).checked_next_multiple_of(4);
    let (owner, text, kind) = (word(0)?, word(4)?, word(8)?);
    let text_start = 12 + padded(owner)?;
    let end = text_start.checked_add(padded(text)?)?;
    let note = (rest.get(12..12 + owner as usize)?, kind, rest.get(text_start..text_start + text as usize)?);
    *rest = rest.get(end.min(rest.len())..)?;
    Some(note)
}

/// The addresses that a note begins with: of the place, of `.stapsdt.base`, of the semaphore.
fn words(text: &[u8]) -> Option<[u64; 3]> {
    let mut words = [0; 3];
    for (word, bytes) in words.iter_mut().zip(text.get(..24)?.chunks_exact(8)) {
        *word = u64::from_le_bytes(bytes.try_into().ok()?);
    }
    Some(words)
}

/// Where in the file an address is, in code or in data.
fn in_file(segments: &[ProgramHeader64<LE>], address: u64, code: bool) -> Option<u64> {
    segments.iter().find_map(|segment| {
        let start = segment.p_vaddr.get(LE);
        let inside = address.checked_sub(start).filter(|&inside| inside < segment.p_memsz.get(LE))?;
        let fits = segment.p_type.get(LE) == PT_LOAD && segment.p_flags.get(LE).contains(PF_X) == code;
        fits.then(|| inside + segment.p_offset.get(LE))
    })
}
