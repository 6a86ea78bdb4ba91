//! Writing records from the console.

use serde::{Deserialize, Serialize};

/// How the text of a field becomes bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8 as typed.
    #[default]
    Text,
    /// Checked to be JSON, then written as typed.
    Json,
    /// Hex pairs; spaces are ignored.
    Hex,
    /// No bytes at all: a tombstone.
    Null,
}

/// Which acknowledgement to wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Acks {
    None,
    Leader,
    #[default]
    All,
}

/// Most records that one press of the button writes.
pub const PRODUCE_COUNT_MAX: u32 = 10_000;

/// What to write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProduceRequest {
    pub topic: String,
    pub key: String,
    pub key_encoding: Encoding,
    pub value: String,
    pub value_encoding: Encoding,
    /// Text on both sides.
    pub headers: Vec<(String, String)>,
    /// `None` lets the key decide, as Kafka's default partitioner does.
    pub partition: Option<i32>,
    /// `none`, `gzip`, `snappy`, `lz4` or `zstd`.
    pub compression: String,
    pub acks: Acks,
    /// How many times, 1 to [`PRODUCE_COUNT_MAX`]. `{{n}}` in key and value becomes the running number from 1.
    pub count: u32,
}

/// Where it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProduceResult {
    pub topic: String,
    pub partition: i32,
    /// Of the first record of a run; -1 with acks=0.
    pub offset: i64,
    pub timestamp_ms: i64,
    /// Records written.
    pub count: u32,
    pub elapsed_ms: u32,
    /// Partitions written to, when a run of several went to more than one.
    pub partitions_count: u32,
}

/// Which partition a key goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionForKey {
    pub partition: Option<i32>,
    pub partitions_count: i32,
}

/// What the form starts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProduceForm {
    pub now_ms: i64,
    pub topic: String,
    pub partitions_count: i32,
    pub max_message_bytes: Option<u32>,
    /// Filled in when this is "send again" of a record.
    pub draft: ProduceRequest,
    /// Why a part of that record could not be taken over exactly, if so.
    pub draft_warning: Option<String>,
}
