//! The records of `__consumer_offsets`, as Kafka writes them: its own dump tool reads ours.
//!
//! ```text
//!   key     [kind i16][group][topic][partition i32]        kind 0 or 1: a committed offset
//!           [kind i16][group]                              kind 2: a group
//!   value   [version i16][fields …]                        none: removed
//! ```
//!
//! Written are offsets as version 3 (version 1 when the client set a retention of its own) and
//! groups as version 3; read is every version Kafka ever wrote.

pub(crate) mod bytes;
mod group;
mod offset;

use ::bytes::Bytes;

use self::bytes::{Input, put_i16, put_i32, put_string};
use crate::message::Record;
pub(crate) use group::{GroupValue, MemberValue};
pub(crate) use offset::OffsetValue;

/// Why a record could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// The key is of a kind that is none of a classic group's.
    #[error("record key is of unknown kind {0}; another kind of group may have written it")]
    Kind(i16),
    /// The value has a version nobody has written yet.
    #[error("record value has unknown version {0}")]
    Version(i16),
    /// The bytes end inside a field.
    #[error("record ends inside a field")]
    Truncated,
    /// A length or count cannot be right.
    #[error("record has a bad length {0}")]
    Length(i64),
    /// A string is not UTF-8.
    #[error("record has a string that is not utf-8")]
    NotUtf8,
}

/// One change, read from a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    Offset { group_id: String, topic: String, partition: i32, value: Option<OffsetValue> },
    Group { group_id: String, value: Option<GroupValue> },
}

const OFFSET_KIND: i16 = 1;
const GROUP_KIND: i16 = 2;

/// Reads a record.
pub(crate) fn decode(key: &[u8], value: Option<&[u8]>) -> Result<Change, SchemaError> {
    let mut input = Input::new(key);
    match input.i16()? {
        0 | OFFSET_KIND => Ok(Change::Offset {
            group_id: input.string()?,
            topic: input.string()?,
            partition: input.i32()?,
            value: value.map(OffsetValue::decode).transpose()?,
        }),
        GROUP_KIND => Ok(Change::Group {
            group_id: input.string()?,
            value: value.map(GroupValue::decode).transpose()?,
        }),
        kind => Err(SchemaError::Kind(kind)),
    }
}

/// Writes a committed offset; `None` removes it.
pub(crate) fn offset_record(
    group_id: &str,
    topic: &str,
    partition: i32,
    value: Option<&OffsetValue>,
) -> Record {
    let mut key = Vec::with_capacity(10 + group_id.len() + topic.len());
    put_i16(&mut key, OFFSET_KIND);
    put_string(&mut key, group_id);
    put_string(&mut key, topic);
    put_i32(&mut key, partition);
    Record { key: key.into(), value: value.map(|value| Bytes::from(value.encode())) }
}

/// Writes a group; `None` removes it.
pub(crate) fn group_record(group_id: &str, value: Option<&GroupValue>) -> Record {
    let mut key = Vec::with_capacity(4 + group_id.len());
    put_i16(&mut key, GROUP_KIND);
    put_string(&mut key, group_id);
    Record { key: key.into(), value: value.map(|value| Bytes::from(value.encode())) }
}

#[cfg(test)]
mod tests;
