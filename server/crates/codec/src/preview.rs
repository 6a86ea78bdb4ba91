//! One line of a payload.

use crate::payload::{PayloadKind, detect, text_prefix};

/// A payload on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub kind: PayloadKind,
    /// Never longer than asked for, in bytes. Binary payloads as spaced hex.
    pub text: String,
    /// There is more.
    pub is_cut: bool,
}

/// Writes the beginning of `payload` on one line of at most `bytes_max` bytes.
///
/// White space outside of JSON strings collapses to single spaces; line ends and tabs in text become spaces.
#[must_use]
pub fn preview(payload: Option<&[u8]>, bytes_max: usize) -> Line {
    let kind = detect(payload);
    let bytes = payload.unwrap_or_default();
    let (text, is_cut) = match kind {
        PayloadKind::Null | PayloadKind::Empty => (String::new(), false),
        PayloadKind::Binary => {
            let shown = bytes.len().min((bytes_max + 1) / 3);
            (crate::hex::encode_spaced(&bytes[..shown]), shown < bytes.len())
        }
        PayloadKind::Text => one_line(bytes, bytes_max, Spaces::Keep),
        PayloadKind::Json => one_line(bytes, bytes_max, Spaces::CollapseOutsideStrings),
    };
    Line { kind, text, is_cut }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Spaces {
    Keep,
    CollapseOutsideStrings,
}

/// Reads no more than it needs: four times the wanted length, so that indented JSON fills its line.
fn one_line(bytes: &[u8], bytes_max: usize, spaces: Spaces) -> (String, bool) {
    let head = &bytes[..bytes.len().min(bytes_max.saturating_mul(4))];
    let source = text_prefix(head);
    let mut out = String::with_capacity(source.len().min(bytes_max));
    let (mut in_string, mut escaped) = (false, false);
    for c in source.chars() {
        let is_space = matches!(c, ' ' | '\t' | '\n' | '\r');
        if spaces == Spaces::CollapseOutsideStrings && !in_string && is_space {
            if !out.is_empty() && !out.ends_with(' ') && out.len() < bytes_max {
                out.push(' ');
            }
            continue;
        }
        let shown = if is_space { ' ' } else { c };
        if out.len() + shown.len_utf8() > bytes_max {
            return (out, true);
        }
        out.push(shown);
        in_string = match c {
            '"' if !escaped => !in_string,
            _ => in_string,
        };
        escaped = in_string && c == '\\' && !escaped;
    }
    if spaces == Spaces::CollapseOutsideStrings && out.ends_with(' ') && !in_string {
        out.pop();
    }
    (out, source.len() < bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(payload: &[u8], bytes_max: usize, text: &str, is_cut: bool) {
        let line = preview(Some(payload), bytes_max);
        assert_eq!((line.text.as_str(), line.is_cut), (text, is_cut));
    }

    #[test]
    fn indented_json_becomes_one_line_and_strings_stay_as_they_are() {
        check(b"{\n  \"a  b\": [\n 1,\n\t2 ]\n}\n", 100, r#"{ "a  b": [ 1, 2 ] }"#, false);
        check(br#"{"a": "x \" {  }"}"#, 100, r#"{"a": "x \" {  }"}"#, false);
    }

    #[test]
    fn cuts_respect_characters_and_the_limit() {
        check("ōōōō".as_bytes(), 5, "ōō", true);
        check("ōōōō".as_bytes(), 8, "ōōōō", false);
        check(b"line\nnext\tcell", 100, "line next cell", false);
    }

    #[test]
    fn binary_is_hex() {
        check(&[0, 255, 16], 8, "00 ff 10", false);
        check(&[0, 255, 16], 5, "00 ff", true);
    }

    #[test]
    fn a_large_value_is_read_at_its_head_only() {
        let large = vec![b'x'; 5_000_000];
        let line = preview(Some(&large), 512);
        assert_eq!((line.text.len(), line.is_cut), (512, true));
    }
}
