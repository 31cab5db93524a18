//! Several walks through types at once.
//!
//! Where a type ends is known only when its head is there, so that one walk waits at each step, for memory and for what it
//! makes of it. Walks that begin in different places do not wait for each other. One that begins anywhere does not know
//! where types begin, but is soon right: as soon as the walk from the beginning comes to a type that the other one has passed
//! as a type, both go the same way from there on. Nothing is believed before that.

use super::search::{Cursor, is_target_kind};
use crate::btf::{FIXED, kind_and_count, known_sizes};

/// More do not make it faster: registers are few.
const LANES: usize = 3;
/// Bytes that each walk goes through. All of them are read in vain when the first ones have what is looked for.
const STRETCH: usize = 16 * 1024;
const _: () = assert!(LANES * STRETCH <= 1 << 16, "places have 16 bits");
/// No stretch has more types, and an index is easily kept below it.
const MARKS: usize = (STRETCH / FIXED + 1).next_power_of_two();

/// Walks through parts that follow each other, and what each has passed.
pub(super) struct Lanes([Marks; LANES]);

/// The types that could be targets, which a walk has passed.
type Marks = [Mark; MARKS];

#[derive(Clone, Copy)]
struct Mark {
    /// Counted from where the first walk began.
    place: u16,
    /// Steps that the walk had made before.
    steps: u16,
}

/// All places are counted from where the first walk began.
#[derive(Clone, Copy)]
struct Walk {
    end: usize,
    at: usize,
    steps: u16,
    marked: usize,
}

impl Lanes {
    pub(super) fn new() -> Self {
        Self([[Mark { place: 0, steps: 0 }; MARKS]; LANES])
    }

    /// Each goes through its part of what starts there.
    pub(super) fn run(&mut self, types: &[u8], start: usize) -> [Lane<'_>; LANES] {
        let types = types.get(start..).unwrap_or_default();
        let part = |lane: usize| Walk {
            at: (lane * STRETCH).min(types.len()),
            end: ((lane + 1) * STRETCH).min(types.len()),
            steps: 0,
            marked: 0,
        };
        // One by one and not in a loop, which a compiler that is told to spare bytes would leave to be one.
        let [mut first, mut second, mut third] = [part(0), part(1), part(2)];
        let [firsts, seconds, thirds] = &mut self.0;
        let mut steps = 0;
        while first.is_under_way() || second.is_under_way() || third.is_under_way() {
            first.go(steps, types, firsts);
            second.go(steps, types, seconds);
            third.go(steps, types, thirds);
            steps += 1;
        }
        let lane = move |walk, marks| Lane { start, walk, marks };
        [lane(first, firsts), lane(second, seconds), lane(third, thirds)]
    }
}

impl Walk {
    #[inline(always)]
    fn is_under_way(&self) -> bool {
        self.at < self.end
    }

    #[inline(always)]
    fn go(&mut self, steps: u16, types: &[u8], marks: &mut Marks) {
        if !self.is_under_way() {
            return;
        }
        let info = types.get(self.at..).and_then(<[u8]>::first_chunk::<8>);
        let (kind, count) =
            info.map_or((0, 0), |&[_, _, _, _, info @ ..]| kind_and_count(u32::from_le_bytes(info)));
        let Some([once, each]) = known_sizes(kind) else {
            // No type, or one that only the walk from the beginning knows how to pass.
            self.marked = 0;
            self.at += 4;
            return;
        };
        // Written always and kept sometimes: there is no branch whose way the processor would have to guess.
        marks[self.marked % MARKS] = Mark { place: self.at as u16, steps };
        self.marked += usize::from(is_target_kind(kind));
        self.at += once + count as usize * each;
        self.steps = steps + 1;
    }
}

/// Where one of them has come.
pub(super) struct Lane<'a> {
    start: usize,
    walk: Walk,
    marks: &'a Marks,
}

impl<'a> Lane<'a> {
    /// Where its part ends.
    pub(super) fn end(&self) -> usize {
        self.start + self.walk.end
    }

    /// The types that could be targets, from the one there on, and where the walk came to; none when it has not passed that as
    /// a type.
    pub(super) fn from(&self, at: Cursor) -> Option<(impl Iterator<Item = Cursor> + use<'a>, Cursor)> {
        let (start, walk) = (self.start, self.walk);
        let place = u16::try_from(at.offset.checked_sub(start)?).ok()?;
        let marks = self.marks.get(..walk.marked)?;
        let common = marks.get(marks.binary_search_by_key(&place, |mark| mark.place).ok()?..)?;
        let before = common.first()?.steps;
        let number = move |steps: u16| at.number + u32::from(steps - before);
        let cursor =
            move |mark: &Mark| Cursor { number: number(mark.steps), offset: start + usize::from(mark.place) };
        Some((common.iter().map(cursor), Cursor { number: number(walk.steps), offset: start + walk.at }))
    }
}
