//! JSON as a flat tree that keeps what was written: number text, member order, repeated names.
//!
//! The tree is a list of nodes in document order; a container knows where its last descendant ends. That is what a
//! windowed view wants (collapsing skips to `end`), it costs one allocation a scalar, and reading it needs no recursion.

mod parser;
mod scan;
#[cfg(test)]
mod tests;

pub use parser::{check, parse, parse_prefix};

/// Containers within containers.
pub const DEPTH_MAX: usize = 128;
/// Nodes that one tree holds.
pub const NODES_MAX: usize = 200_000;

/// What a node is called in its container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The document itself.
    Root,
    /// Element of an array, counted from 0.
    Index(u32),
    /// Member of an object, unescaped.
    Name(String),
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Bool(bool),
    /// As written: `9007199254740993`, `1e400`, `-0.0`.
    Number(String),
    /// Unescaped. A lone surrogate becomes U+FFFD.
    String(String),
    /// Number of members, repeated names included.
    Object(u32),
    /// Number of elements.
    Array(u32),
}

/// One node of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub key: Key,
    pub value: Value,
    /// 0 for the document itself.
    pub depth: u8,
    /// Index one past the last descendant; own index + 1 for scalars.
    pub end: u32,
}

impl Node {
    /// Whether it can be opened and closed.
    #[must_use]
    pub fn is_container(&self) -> bool {
        matches!(self.value, Value::Object(_) | Value::Array(_))
    }
}

/// A document, or the readable head of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    pub nodes: Vec<Node>,
    /// The text, or a limit, ended before the document did; open containers end where the text ends.
    pub is_cut: bool,
}

/// Why text is not a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Byte position in the text.
    pub at: usize,
    /// Line, counted from 1.
    pub line: u32,
    /// Character in that line, counted from 1.
    pub column: u32,
    pub reason: Reason,
}

/// What is wrong at that place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    UnexpectedEnd,
    ExpectedValue,
    ExpectedName,
    ExpectedColon,
    ExpectedCommaOrEnd,
    BadNumber,
    BadEscape,
    ControlCharacter,
    TrailingText,
    TooDeep,
    TooManyNodes,
}

impl Error {
    /// Whether the text is a good beginning of a document.
    #[must_use]
    pub fn is_unexpected_end(&self) -> bool {
        self.reason == Reason::UnexpectedEnd
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let reason = match self.reason {
            Reason::UnexpectedEnd => "ends too early",
            Reason::ExpectedValue => "a value should stand here",
            Reason::ExpectedName => "a member name in double quotes should stand here",
            Reason::ExpectedColon => "a colon should stand here",
            Reason::ExpectedCommaOrEnd => "a comma or the end of the list should stand here",
            Reason::BadNumber => "not a number as JSON writes it",
            Reason::BadEscape => "not an escape that JSON knows",
            Reason::ControlCharacter => "a control character inside a string must be escaped",
            Reason::TrailingText => "text after the end of the document",
            Reason::TooDeep => "more than 128 containers within each other",
            Reason::TooManyNodes => "more than 200,000 values",
        };
        write!(f, "{reason} (line {}, column {})", self.line, self.column)
    }
}

impl std::error::Error for Error {}
