//! One whole record, in pieces that never freeze a page.

use super::message::Preview;
use freshet_codec::PayloadKind;
use serde::{Deserialize, Serialize};

/// Bytes of a payload that come with the record itself.
pub const PAYLOAD_HEAD_BYTES: u32 = 64 * 1024;
/// Most bytes of one further piece.
pub const PAYLOAD_PIECE_BYTES_MAX: u32 = 256 * 1024;
/// Headers listed with a record; the rest is counted.
pub const HEADERS_MAX: usize = 200;

/// Names one record for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RecordId {
    pub partition: i32,
    pub offset: i64,
}

/// Whose clock wrote the timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimestampType {
    CreateTime,
    LogAppendTime,
    None,
}

/// Bytes that travel as text where they are text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    /// Valid UTF-8.
    Text(String),
    /// Two hex digits a byte, no separators.
    Hex(String),
}

impl Piece {
    /// The bytes again. A hex text with an odd end (never sent by the server) loses the last digit.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Hex(hex) => freshet_codec::hex::decode(hex).unwrap_or_default(),
        }
    }

    /// Wraps bytes: as text when they are valid UTF-8, as hex otherwise.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Hex(freshet_codec::hex::encode(bytes)),
        }
    }
}

/// A key or value with its first bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    pub kind: PayloadKind,
    pub size_bytes: u32,
    /// The first [`PAYLOAD_HEAD_BYTES`], or all of it.
    pub head: Piece,
}

impl Payload {
    /// Whether `head` is all of it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.size_bytes <= PAYLOAD_HEAD_BYTES
    }
}

/// One header. Kafka allows the same key twice and keys that are not UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordHeader {
    /// Lossy when the bytes were not UTF-8.
    pub key: String,
    pub value: Preview,
}

/// Who wrote a batch, as the engine saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub client_id: String,
    pub library: String,
    pub library_version: String,
    pub principal: String,
    pub address: String,
}

/// Everything about one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDetail {
    pub now_ms: i64,
    pub id: RecordId,
    pub timestamp_ms: i64,
    pub timestamp_type: TimestampType,
    pub key: Payload,
    pub value: Payload,
    /// At most [`HEADERS_MAX`].
    pub headers: Vec<RecordHeader>,
    pub headers_count: u32,
    /// Codec of the batch by Kafka's name, `none` included.
    pub compression: String,
    pub batch_base_offset: i64,
    pub batch_records_count: i32,
    /// As stored, compressed.
    pub batch_size_bytes: u32,
    pub leader_epoch: i32,
    pub producer_id: Option<i64>,
    pub is_transactional: bool,
    pub is_control: bool,
    /// When the broker appended the batch, exact, where the engine is here.
    pub appended_ms: Option<i64>,
    /// `None` when nobody knows: attached, or after a power cut.
    pub written_by: Option<Origin>,
    /// Groups that have committed past it or not yet.
    pub readers: Vec<RecordReader>,
    /// Neighbours in the same partition, for stepping.
    pub previous_offset: Option<i64>,
    pub next_offset: Option<i64>,
}

/// Whether one group has passed a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordReader {
    pub group: String,
    pub has_passed: bool,
}

/// Which half of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Part {
    Key,
    Value,
}

/// A further piece of a large payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayloadPiece {
    /// Where it starts in the payload. The server may answer with a start a few bytes earlier to keep UTF-8 whole
    /// only if the caller asked inside a character; otherwise it is what was asked.
    pub from: u32,
    pub size_bytes: u32,
    pub piece: Piece,
    pub is_last: bool,
}
