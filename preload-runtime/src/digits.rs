//! Numbers in texts of bytes: what the standard library does for strings, without making strings of them first.

/// The number that digits of that base come to; none for anything else, nothing at all, and what is too large.
fn number(digits: &[u8], base: u32) -> Option<u128> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u128, |number, &digit| {
        let digit = char::from(digit).to_digit(base)?;
        number.checked_mul(base.into())?.checked_add(digit.into())
    })
}

/// A decimal number without sign.
pub(crate) fn decimal(digits: &[u8]) -> Option<u32> {
    number(digits, 10)?.try_into().ok()
}

/// A hexadecimal number without sign and prefix.
pub(crate) fn hexadecimal(digits: &[u8]) -> Option<u128> {
    number(digits, 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_are_a_number() {
        assert_eq!(decimal(b"4294967295"), Some(u32::MAX));
        assert_eq!(hexadecimal(b"fF"), Some(255));
        assert_eq!(hexadecimal(&[b'f'; 32]), Some(u128::MAX));
        for wrong in [&b""[..], b"+1", b"-1", b" 1", b"1a", b"4294967296"] {
            assert_eq!(decimal(wrong), None);
        }
        assert_eq!(hexadecimal(&[b'1'; 33]), None);
    }
}
