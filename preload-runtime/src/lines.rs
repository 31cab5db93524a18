//! Lines of a text that comes in pieces.

use crate::error::Error;

/// The longest line that counts; what lies behind is left out, as with libbpf.
const LONGEST: usize = 4095;

/// A line that may lie in several pieces.
pub(crate) struct Lines {
    line: [u8; LONGEST],
    len: usize,
}

impl Lines {
    pub(crate) const fn new() -> Self {
        Self { line: [0; LONGEST], len: 0 }
    }

    /// Takes a piece, and shows each line that ends in it.
    pub(crate) fn add(
        &mut self,
        mut piece: &[u8],
        line: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        while let Some(end) = piece.iter().position(|&byte| byte == b'\n') {
            let (first, rest) = piece.split_at(end);
            self.keep(first);
            self.finish(line)?;
            piece = rest.get(1..).unwrap_or_default();
        }
        self.keep(piece);
        Ok(())
    }

    /// Shows the line that has no end.
    pub(crate) fn finish(&mut self, line: &mut dyn FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
        let len = core::mem::take(&mut self.len);
        line(self.line.get(..len).unwrap_or_default())
    }

    fn keep(&mut self, piece: &[u8]) {
        let room = self.line.get_mut(self.len..).unwrap_or_default();
        let len = piece.len().min(room.len());
        if let (Some(room), Some(piece)) = (room.get_mut(..len), piece.get(..len)) {
            room.copy_from_slice(piece);
            self.len += len;
        }
    }
}

/// Shows each line of a whole text.
pub(crate) fn each(text: &[u8], line: &mut dyn FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
    text.split(|&byte| byte == b'\n').try_for_each(line)
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use super::*;

    fn lines(pieces: &[&[u8]]) -> Vec<String> {
        let mut found = Vec::new();
        let mut lines = Lines::new();
        let mut take = |line: &[u8]| {
            found.push(String::from_utf8(line.to_vec()).unwrap());
            Ok(())
        };
        for piece in pieces {
            lines.add(piece, &mut take).unwrap();
        }
        lines.finish(&mut take).unwrap();
        found
    }

    #[test]
    fn lines_are_put_together() {
        assert_eq!(lines(&[b"a\nb", b"c\n", b"d"]), ["a", "bc", "d"]);
        assert_eq!(lines(&[b"a\n", b"\n", b""]), ["a", "", ""]);
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let long = [b'x'; 5000];
        let found = lines(&[&long, b"y\nz"]);
        assert_eq!((found[0].len(), found[1].as_str()), (LONGEST, "z"));
    }
}
