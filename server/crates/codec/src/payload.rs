//! What a payload is, by looking at its bytes.

use crate::json;
use serde::{Deserialize, Serialize};

/// Bytes looked at to tell what a payload is; what follows can't change the answer.
pub const DETECT_BYTES_MAX: usize = 64 * 1024;

/// How a payload can be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PayloadKind {
    /// No bytes were written: a tombstone. Not the same as [`PayloadKind::Empty`].
    #[default]
    Null,
    /// Zero bytes were written.
    Empty,
    /// UTF-8 without control characters except tab and line ends.
    Text,
    /// A JSON object or array. Bare numbers and strings are text: most keys would look like JSON otherwise.
    Json,
    /// Anything else.
    Binary,
}

impl PayloadKind {
    /// The word shown beside a payload.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Empty => "empty",
            Self::Text => "text",
            Self::Json => "JSON",
            Self::Binary => "binary",
        }
    }
}

/// Tells what `payload` is from its first [`DETECT_BYTES_MAX`] bytes.
#[must_use]
pub fn detect(payload: Option<&[u8]>) -> PayloadKind {
    let Some(bytes) = payload else { return PayloadKind::Null };
    if bytes.is_empty() {
        return PayloadKind::Empty;
    }
    let is_cut = bytes.len() > DETECT_BYTES_MAX;
    let head = &bytes[..bytes.len().min(DETECT_BYTES_MAX)];
    let text = text_prefix(head);
    if text.len() < head.len() && !(is_cut && head.len() - text.len() < 4) {
        return PayloadKind::Binary;
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
        return PayloadKind::Binary;
    }
    if !text.trim_start().starts_with(['{', '[']) {
        return PayloadKind::Text;
    }
    match json::check(text) {
        Ok(()) => PayloadKind::Json,
        Err(error) if is_cut && error.is_unexpected_end() => PayloadKind::Json,
        Err(_) => PayloadKind::Text,
    }
}

/// The longest valid UTF-8 prefix of `bytes`.
#[must_use]
pub fn text_prefix(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_empty_differ() {
        assert_eq!(detect(None), PayloadKind::Null);
        assert_eq!(detect(Some(b"")), PayloadKind::Empty);
    }

    #[test]
    fn objects_and_arrays_are_json_and_bare_values_are_text() {
        assert_eq!(detect(Some(b" {\"a\": 1}\n")), PayloadKind::Json);
        assert_eq!(detect(Some(b"[]")), PayloadKind::Json);
        assert_eq!(detect(Some(b"42")), PayloadKind::Text);
        assert_eq!(detect(Some(b"{not json")), PayloadKind::Text);
        assert_eq!(detect(Some(b"{\"a\": 1} trailing")), PayloadKind::Text);
    }

    #[test]
    fn control_characters_and_bad_utf8_are_binary() {
        assert_eq!(detect(Some(b"\x00\x00\x00\x01a")), PayloadKind::Binary);
        assert_eq!(detect(Some(&[0xff, 0xfe])), PayloadKind::Binary);
        assert_eq!(detect(Some("Ōtautahi\tline\r\n".as_bytes())), PayloadKind::Text);
    }

    #[test]
    fn a_large_document_is_told_by_its_head() {
        let mut json = b"[".to_vec();
        json.extend(std::iter::repeat_n(*b"\"\xc5\x8dtautahi\",", 20_000).flatten());
        assert_eq!(detect(Some(&json)), PayloadKind::Json);
    }
}
