//! Colouring of JSON text that may be cut anywhere.

/// What a stretch of text is; each has one colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Member name.
    Name,
    String,
    Number,
    /// `true`, `false`, `null`.
    Atom,
    Punctuation,
}

/// Splits JSON text into coloured stretches; white space belongs to the punctuation around it.
/// Joined again, the stretches are the text. Text that is not JSON gives some stretches, never an error.
#[must_use]
pub fn tokens(text: &str) -> Vec<(Class, &str)> {
    let bytes = text.as_bytes();
    let mut out: Vec<(Class, &str)> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let class = match bytes[at] {
            b'"' => {
                at = string_end(bytes, at);
                let next = bytes[at..].iter().find(|byte| !byte.is_ascii_whitespace());
                if next == Some(&b':') { Class::Name } else { Class::String }
            }
            b'-' | b'0'..=b'9' => {
                at = run_end(bytes, at, |b| {
                    matches!(b, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
                });
                Class::Number
            }
            b'a'..=b'z' | b'A'..=b'Z' => {
                at = run_end(bytes, at, |b| b.is_ascii_alphabetic());
                Class::Atom
            }
            _ => {
                at = run_end(bytes, at, |b| b != b'"' && b != b'-' && !b.is_ascii_alphanumeric());
                Class::Punctuation
            }
        };
        out.push((class, &text[start..at]));
    }
    out
}

fn run_end(bytes: &[u8], start: usize, belongs: impl Fn(u8) -> bool) -> usize {
    bytes[start..].iter().position(|b| !belongs(*b)).map_or(bytes.len(), |length| start + length)
}

/// One past the closing quote, or the end of the text.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_strings_differ() {
        assert_eq!(
            tokens(r#"{"a": "b", "c" : -1.5}"#),
            [
                (Class::Punctuation, "{"),
                (Class::Name, "\"a\""),
                (Class::Punctuation, ": "),
                (Class::String, "\"b\""),
                (Class::Punctuation, ", "),
                (Class::Name, "\"c\""),
                (Class::Punctuation, " : "),
                (Class::Number, "-1.5"),
                (Class::Punctuation, "}"),
            ]
        );
    }

    #[test]
    fn stretches_join_to_the_text_wherever_it_is_cut() {
        let text = r#"{"Ōmarama": ["\"", tru, 1e9, "🌊\\"], "x": null} tail"#;
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let joined: String = tokens(&text[..end]).into_iter().map(|(_, part)| part).collect();
            assert_eq!(joined, &text[..end]);
        }
    }
}
