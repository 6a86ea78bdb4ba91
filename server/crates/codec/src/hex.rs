//! Hex, both ways, and rows of a hex dump.

/// Bytes in one row of a dump.
pub const ROW_BYTES: usize = 16;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Two lower-case digits a byte.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        push(&mut out, *byte);
    }
    out
}

/// Two digits a byte with a space between bytes.
#[must_use]
pub fn encode_spaced(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3);
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        push(&mut out, *byte);
    }
    out
}

fn push(out: &mut String, byte: u8) {
    out.push(char::from(DIGITS[usize::from(byte >> 4)]));
    out.push(char::from(DIGITS[usize::from(byte & 15)]));
}

/// Why text is not hex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotHex {
    /// The character at this byte position is neither a digit nor white space.
    Digit(usize),
    /// The last byte has only one digit.
    OddLength,
}

impl std::fmt::Display for NotHex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Digit(at) => write!(f, "not a hex digit at position {}", at + 1),
            Self::OddLength => f.write_str("the last byte has only one hex digit"),
        }
    }
}

impl std::error::Error for NotHex {}

/// Reads hex digits of either case; white space between them is ignored.
///
/// # Errors
/// [`NotHex`] says where it stops being hex.
pub fn decode(text: &str) -> Result<Vec<u8>, NotHex> {
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for (at, c) in text.char_indices() {
        if c.is_ascii_whitespace() {
            continue;
        }
        let digit = c.to_digit(16).and_then(|d| u8::try_from(d).ok()).ok_or(NotHex::Digit(at))?;
        match high.take() {
            None => high = Some(digit),
            Some(first) => out.push(first << 4 | digit),
        }
    }
    if high.is_some() { Err(NotHex::OddLength) } else { Ok(out) }
}

/// One row of a dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Position of the first byte in the payload.
    pub offset: u32,
    /// Up to [`ROW_BYTES`] pairs, spaced, with a wider gap after eight.
    pub hex: String,
    /// The same bytes as ASCII, `·` for what has no glyph.
    pub ascii: String,
}

/// Dumps `bytes`, whose first byte is at `start` of the payload.
pub fn rows(bytes: &[u8], start: u32) -> impl Iterator<Item = Row> {
    bytes.chunks(ROW_BYTES).enumerate().map(move |(index, chunk)| {
        let mut hex = encode_spaced(&chunk[..chunk.len().min(8)]);
        if chunk.len() > 8 {
            hex.push_str("  ");
            hex.push_str(&encode_spaced(&chunk[8..]));
        }
        let ascii = chunk
            .iter()
            .map(|byte| if (0x20..0x7f).contains(byte) { char::from(*byte) } else { '·' })
            .collect();
        let offset = u32::try_from(index * ROW_BYTES).unwrap_or(u32::MAX).saturating_add(start);
        Row { offset, hex, ascii }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_undoes_encoding() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&encode(&bytes)), Ok(bytes.clone()));
        assert_eq!(decode(&encode_spaced(&bytes)), Ok(bytes));
    }

    #[test]
    fn what_is_not_hex_is_named_by_place() {
        assert_eq!(decode("0aG1"), Err(NotHex::Digit(2)));
        assert_eq!(decode("0a 1"), Err(NotHex::OddLength));
    }

    #[test]
    fn a_dump_has_sixteen_bytes_a_row() {
        let rows: Vec<Row> = rows(b"\x00hello, freshet!!tail", 32).collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].offset, 32);
        assert_eq!(rows[0].hex, "00 68 65 6c 6c 6f 2c 20  66 72 65 73 68 65 74 21");
        assert_eq!(rows[0].ascii, "·hello, freshet!");
        assert_eq!(rows[1].offset, 48);
        assert_eq!(rows[1].ascii, "!tail");
    }
}
