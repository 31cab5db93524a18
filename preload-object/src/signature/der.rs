//! As much of DER (X.690) as a signature takes.

/// Elements one after the other.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// The content of the next element, which must have this tag, and its length in the shortest form.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let rest = self.0.strip_prefix(&[tag])?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81 => {
                let (&length, rest) = rest.split_first()?;
                (Some(usize::from(length)).filter(|&length| length > 0x7f)?, rest)
            }
            0x82 => {
                let (&length, rest) = rest.split_first_chunk()?;
                (Some(usize::from(u16::from_be_bytes(length))).filter(|&length| length > 0xff)?, rest)
            }
            // Longer than anything that is read here, or not DER.
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(content)
    }

    /// Whether the next element has this tag.
    pub(super) fn is_next(&self, tag: u8) -> bool {
        self.0.first() == Some(&tag)
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;

    #[test]
    fn lengths_have_one_form() {
        let of = |bytes: &[u8]| Reader(bytes).take(4).map(<[u8]>::len);
        let long = |head: &[u8], length: usize| [head, &vec![0; length]].concat();
        assert_eq!(of(&[4, 0]), Some(0));
        assert_eq!(of(&[4, 1, 9, 9]), Some(1));
        assert_eq!(of(&long(&[4, 0x81, 0x80], 0x80)), Some(0x80));
        assert_eq!(of(&long(&[4, 0x82, 1, 0], 0x100)), Some(0x100));
        // Longer forms than needed, forms without an end, other tags, and ends that come too early.
        assert_eq!(of(&long(&[4, 0x81, 0x7f], 0x80)), None);
        assert_eq!(of(&long(&[4, 0x82, 0, 0xff], 0x100)), None);
        assert_eq!(of(&long(&[4, 0x80], 0x100)), None);
        assert_eq!(of(&long(&[4, 0x83, 0, 1, 0], 0x100)), None);
        assert_eq!(of(&[5, 0]), None);
        for cut in [&[4][..], &[4, 1], &[4, 0x81], &[4, 0x82, 1], &[]] {
            assert_eq!(of(cut), None);
        }
    }
}
