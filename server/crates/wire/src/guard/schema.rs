//! The form of the field tables: which fields a message has, in which versions, in which order.

use crate::api_key::VersionRange;

/// One request or response body.
pub(crate) struct Message {
    /// The versions the table describes.
    pub(crate) versions: VersionRange,
    /// The first version with compact lengths and tagged fields.
    pub(crate) flexible_from: Option<i16>,
    /// Its fields.
    pub(crate) root: &'static Struct,
}

impl Message {
    pub(crate) fn is_flexible(&self, version: i16) -> bool {
        self.flexible_from.is_some_and(|first| version >= first)
    }
}

/// A sequence of fields.
pub(crate) struct Struct {
    /// Upper bound of the decoded struct in memory, without what hangs off it on the heap.
    pub(crate) memory_bytes: usize,
    /// The fields, in the order of the bytes.
    pub(crate) fields: &'static [Field],
}

/// One field of a struct.
pub(crate) struct Field {
    /// Kafka's name of the field: makes the tables readable, and failures of their tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "the walk itself needs no names"))]
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) kind: Kind,
    /// The versions that have it.
    pub(crate) versions: VersionRange,
    /// The versions in which it may be null.
    pub(crate) nullable: Option<VersionRange>,
    /// Its number, if it stands among the tagged fields.
    pub(crate) tag: Option<u32>,
}

impl Field {
    pub(crate) const fn new(name: &'static str, kind: Kind, min: i16, max: i16) -> Self {
        Self { name, kind, versions: VersionRange::new(min, max), nullable: None, tag: None }
    }

    pub(crate) const fn nullable(mut self, min: i16, max: i16) -> Self {
        self.nullable = Some(VersionRange::new(min, max));
        self
    }

    pub(crate) const fn tagged(mut self, tag: u32) -> Self {
        self.tag = Some(tag);
        self
    }

    pub(crate) fn is_nullable(&self, version: i16) -> bool {
        self.nullable.is_some_and(|versions| versions.contains(version))
    }
}

/// The type of a field or of an array's items.
pub(crate) enum Kind {
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    Uuid,
    String,
    Bytes,
    Records,
    Array(&'static Kind),
    Struct(&'static Struct),
}

impl Kind {
    /// The bytes a value takes on the wire, if that is the same for all values.
    pub(crate) fn fixed_size_bytes(&self) -> Option<usize> {
        match self {
            Kind::Bool | Kind::Int8 => Some(1),
            Kind::Int16 => Some(2),
            Kind::Int32 => Some(4),
            Kind::Int64 => Some(8),
            Kind::Uuid => Some(16),
            Kind::String | Kind::Bytes | Kind::Records | Kind::Array(_) | Kind::Struct(_) => None,
        }
    }

    /// Upper bound of one decoded value in memory, without what hangs off it on the heap.
    pub(crate) fn memory_bytes(&self) -> usize {
        match self {
            Kind::String | Kind::Bytes | Kind::Records => size_of::<Option<bytes::Bytes>>(),
            Kind::Array(_) => size_of::<Vec<u8>>(),
            Kind::Struct(inner) => inner.memory_bytes,
            Kind::Bool | Kind::Int8 | Kind::Int16 | Kind::Int32 | Kind::Int64 | Kind::Uuid => {
                self.fixed_size_bytes().unwrap_or(0)
            }
        }
    }
}
