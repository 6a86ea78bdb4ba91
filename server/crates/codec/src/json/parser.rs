//! The grammar: an explicit stack instead of recursion.

use super::scan::Scanner;
use super::{DEPTH_MAX, Error, Key, NODES_MAX, Node, Reason, Tree, Value};

/// Reads a whole document into a tree.
///
/// # Errors
/// [`Error`] with the place and the reason, also past [`DEPTH_MAX`] and [`NODES_MAX`].
pub fn parse(text: &str) -> Result<Tree, Error> {
    let mut parser = Parser::new(text, Some(Vec::new()));
    parser.document()?;
    Ok(Tree { nodes: parser.nodes.unwrap_or_default(), is_cut: false })
}

/// Reads as much of a document as there is: the head of a large payload, or one with an error further on.
/// Containers still open at that point end there, and `is_cut` says so.
#[must_use]
pub fn parse_prefix(text: &str) -> Tree {
    let mut parser = Parser::new(text, Some(Vec::new()));
    let is_cut = parser.document().is_err();
    while !parser.open.is_empty() {
        parser.close();
    }
    Tree { nodes: parser.nodes.unwrap_or_default(), is_cut }
}

/// Checks that `text` is one document, without building anything.
///
/// # Errors
/// As [`parse`], except that any number of values is fine.
pub fn check(text: &str) -> Result<(), Error> {
    Parser::new(text, None).document()
}

/// A container whose end has not been read yet.
struct Open {
    /// Its node, when nodes are kept.
    index: usize,
    is_object: bool,
    count: u32,
}

struct Parser<'a> {
    scan: Scanner<'a>,
    nodes: Option<Vec<Node>>,
    open: Vec<Open>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, nodes: Option<Vec<Node>>) -> Self {
        Self { scan: Scanner::new(text), nodes, open: Vec::new() }
    }

    fn document(&mut self) -> Result<(), Error> {
        self.scan.skip_white_space();
        self.value(Key::Root)?;
        while !self.open.is_empty() {
            self.step()?;
        }
        self.scan.skip_white_space();
        if self.scan.at < self.scan.text.len() {
            return Err(self.scan.error(Reason::TrailingText));
        }
        Ok(())
    }

    /// Reads one member, element or end of the innermost open container.
    fn step(&mut self) -> Result<(), Error> {
        self.scan.skip_white_space();
        let Some(open) = self.open.last() else { return Ok(()) };
        let (is_object, count) = (open.is_object, open.count);
        let end = if is_object { b'}' } else { b']' };
        if self.scan.peek() == Some(end) {
            self.scan.at += 1;
            self.close();
            return Ok(());
        }
        if count > 0 {
            if self.scan.peek() != Some(b',') {
                return Err(self.scan.error(Reason::ExpectedCommaOrEnd));
            }
            self.scan.at += 1;
            self.scan.skip_white_space();
        }
        let key = if is_object { self.name()? } else { Key::Index(count) };
        self.value(key)
    }

    fn name(&mut self) -> Result<Key, Error> {
        if self.scan.peek() != Some(b'"') {
            return Err(self.scan.error(Reason::ExpectedName));
        }
        let mut name = String::new();
        let wanted = self.nodes.is_some().then_some(&mut name);
        self.scan.string(wanted)?;
        self.scan.skip_white_space();
        if self.scan.peek() != Some(b':') {
            return Err(self.scan.error(Reason::ExpectedColon));
        }
        self.scan.at += 1;
        self.scan.skip_white_space();
        Ok(Key::Name(name))
    }

    fn value(&mut self, key: Key) -> Result<(), Error> {
        let value = match self.scan.peek() {
            Some(b'{') => return self.open_container(key, true),
            Some(b'[') => return self.open_container(key, false),
            Some(b'"') => {
                let mut text = String::new();
                let wanted = self.nodes.is_some().then_some(&mut text);
                self.scan.string(wanted)?;
                Value::String(text)
            }
            Some(b'-' | b'0'..=b'9') => Value::Number(self.scan.number()?.to_owned()),
            Some(b't') => self.scan.literal("true").map(|()| Value::Bool(true))?,
            Some(b'f') => self.scan.literal("false").map(|()| Value::Bool(false))?,
            Some(b'n') => self.scan.literal("null").map(|()| Value::Null)?,
            _ => return Err(self.scan.error(Reason::ExpectedValue)),
        };
        self.push(key, value)
    }

    fn open_container(&mut self, key: Key, is_object: bool) -> Result<(), Error> {
        if self.open.len() >= DEPTH_MAX {
            return Err(self.scan.error(Reason::TooDeep));
        }
        let index = self.nodes.as_ref().map_or(0, Vec::len);
        self.push(key, if is_object { Value::Object(0) } else { Value::Array(0) })?;
        self.open.push(Open { index, is_object, count: 0 });
        self.scan.at += 1;
        Ok(())
    }

    /// Adds a node below the innermost open container.
    fn push(&mut self, key: Key, value: Value) -> Result<(), Error> {
        let depth = u8::try_from(self.open.len()).unwrap_or(u8::MAX);
        if let Some(nodes) = &mut self.nodes {
            if nodes.len() >= NODES_MAX {
                return Err(self.scan.error(Reason::TooManyNodes));
            }
            let end = u32::try_from(nodes.len() + 1).unwrap_or(u32::MAX);
            nodes.push(Node { key, value, depth, end });
        }
        if let Some(parent) = self.open.last_mut() {
            parent.count += 1;
        }
        Ok(())
    }

    fn close(&mut self) {
        let (Some(open), Some(nodes)) = (self.open.pop(), &mut self.nodes) else { return };
        let end = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
        if let Some(node) = nodes.get_mut(open.index) {
            node.end = end;
            node.value =
                if open.is_object { Value::Object(open.count) } else { Value::Array(open.count) };
        }
    }
}
