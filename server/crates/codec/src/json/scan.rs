//! The lexical half: strings, numbers, white space.

use super::{Error, Reason};

pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The error `reason` at the present place; the end of the text is always "ends too early".
    pub(super) fn error(&self, reason: Reason) -> Error {
        let is_end = self.at >= self.text.len();
        let keeps = matches!(reason, Reason::TooDeep | Reason::TooManyNodes);
        let reason = if is_end && !keeps { Reason::UnexpectedEnd } else { reason };
        let before = &self.text[..floor_char(self.text, self.at)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Error {
            at: self.at,
            line: count(before.matches('\n').count() + 1),
            column: count(before[line_start..].chars().count() + 1),
            reason,
        }
    }

    /// A literal such as `true`; a good beginning at the end of the text is "ends too early".
    pub(super) fn literal(&mut self, word: &str) -> Result<(), Error> {
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                return Err(self.error(Reason::ExpectedValue));
            }
            self.at += 1;
        }
        Ok(())
    }

    pub(super) fn number(&mut self) -> Result<&'a str, Error> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.error(Reason::BadNumber)),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Result<(), Error> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.error(Reason::BadNumber));
        }
        self.digits();
        Ok(())
    }

    /// A string from its opening quote on. `out` receives the unescaped text when it is wanted.
    pub(super) fn string(&mut self, mut out: Option<&mut String>) -> Result<(), Error> {
        self.at += 1;
        loop {
            let run = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            if let Some(out) = out.as_deref_mut() {
                out.push_str(&self.text[run..self.at]);
            }
            match self.peek() {
                None => return Err(self.error(Reason::UnexpectedEnd)),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    let c = self.escape()?;
                    if let Some(out) = out.as_deref_mut() {
                        out.push(c);
                    }
                }
                Some(_) => return Err(self.error(Reason::ControlCharacter)),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        self.at += 1;
        let c = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.error(Reason::BadEscape)),
        };
        self.at += 1;
        Ok(c)
    }

    /// `uXXXX`, and its second half when it is a surrogate pair. Lone surrogates become U+FFFD.
    fn unicode_escape(&mut self) -> Result<char, Error> {
        let first = self.four_digits()?;
        if let 0xd800..=0xdbff = first {
            let before = self.at;
            if self.text[self.at..].starts_with("\\u") {
                self.at += 1;
                let second = self.four_digits()?;
                if let 0xdc00..=0xdfff = second {
                    let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                    return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                self.at = before;
            }
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn four_digits(&mut self) -> Result<u32, Error> {
        self.at += 1;
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code << 4 | digit.ok_or_else(|| self.error(Reason::BadEscape))?;
            self.at += 1;
        }
        Ok(code)
    }
}

/// The nearest character boundary at or below `at`.
fn floor_char(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
